/**
 * Locks in the Performance panel of Chromium's DevTools, as tracks of their own among everything else
 * that it records: https://developer.chrome.com/docs/devtools/performance/extension
 */

import type { LockMode, Locks } from '../../locks'
import { checkNumber, checkObject, refuse } from '../../locks/arguments'
import type { Recording } from '../recording'
import { acquisitionsOf, beginningOf, type Outcome, waitOf } from './acquisitions'
import { checkRecording } from './arguments'
import { castOf } from './cast'
import { checkLocks, type Followed, follow } from './follow'
import { wellFormed } from './plain-text'

export interface DevToolsOptions {
  /** ms: what is shorter is not shown. Default 0.1. */
  readonly shortest?: number | undefined
}

export interface RecordingDevToolsOptions extends DevToolsOptions {
  /**
   * Where the recording's beginning is to be shown: ms as `performance.now()` counts. By default
   * where it was, for a recording of this page since it was loaded; else at 0.
   */
  readonly at?: number | undefined
}

/** The names of DevTools' own palette. */
type Colour = 'primary' | 'secondary' | 'tertiary' | 'error'

interface Entry {
  readonly what: 'wait' | 'hold'
  readonly of: Pick<Followed, 'lock' | 'mode' | 'task' | 'request' | 'site'>
  readonly group: string
  /** ms as `performance.now()` counts. */
  readonly start: number
  readonly end: number
  readonly outcome: Outcome | 'grant'
}

/**
 * Shows the locks of this reach in this agent in DevTools' Performance panel, while it records: a
 * track for each lock in a group of its own, with its waits and holds as they end. Costs two
 * `performance.measure` for each acquisition that waits and is held; where nobody records, or in
 * other engines, it does no harm. The measures are taken off the page's timeline at once, so that it
 * does not grow; a `PerformanceObserver` still sees them.
 *
 * @returns what stops it
 * @throws TypeError, RangeError for bad arguments
 * @example
 * const stop = showInDevTools(locks)
 * await cart.run(async () => { await save() })
 * stop()
 */
export function showInDevTools(locks: Locks, options: DevToolsOptions = {}): () => void {
  checkLocks(locks)
  const shortest = checkShortest(options)
  const { timeOrigin } = performance
  const show = (
    of: Followed,
    what: Entry['what'],
    from: number,
    to: number,
    outcome: Entry['outcome'],
  ) => {
    if (to - from < shortest) return
    measure({ what, of, group: 'Locks', start: from - timeOrigin, end: to - timeOrigin, outcome })
  }
  return follow(locks, {
    granted: (each) => show(each, 'wait', each.asked, each.granted, 'grant'),
    ended: (each, { type, time }) => {
      const what = each.granted === undefined ? 'wait' : 'hold'
      show(each, what, each.granted ?? each.asked, time, type as Outcome)
    },
  }).stop
}

/**
 * Shows a recording in DevTools' Performance panel, while it records: a group of tracks for each
 * agent, in it one for each lock.
 *
 * @returns how many waits and holds were shown
 * @throws TypeError, RangeError for bad arguments
 * @example
 * const recorder = record(locks, { sample: 1 })
 * await cart.run(async () => { await save() })
 * showRecordingInDevTools(recorder.recording())
 * recorder.stop()
 */
export function showRecordingInDevTools(
  recording: Recording,
  options: RecordingDevToolsOptions = {},
): number {
  checkRecording(recording)
  const shortest = checkShortest(options)
  const { at = Math.max(0, beginningOf(recording) - performance.timeOrigin) } = options
  checkNumber('at', at, 0, Number.MAX_SAFE_INTEGER)
  const groups = new Map(
    castOf(recording).flatMap(({ agents }) => agents.map(({ agent, name }) => [agent, name])),
  )
  let shown = 0
  for (const of of acquisitionsOf(recording)) {
    const { asked, granted, end, outcome } = of
    const group = `Locks: ${groups.get(of.agent) || of.agent}`
    const show = (what: Entry['what'], from: number, to: number, how: Entry['outcome']) => {
      if (to - from < shortest * 1000) return
      measure({ what, of, group, start: at + from / 1000, end: at + to / 1000, outcome: how })
      shown++
    }
    if (asked !== undefined) {
      show('wait', asked, asked + waitOf(of), granted === undefined ? outcome : 'grant')
    }
    if (granted !== undefined) show('hold', granted, end, outcome)
  }
  return shown
}

function checkShortest(options: DevToolsOptions): number {
  checkObject('options', options)
  const { shortest = 0.1 } = options
  checkNumber('shortest', shortest, 0, Number.POSITIVE_INFINITY)
  if (typeof performance.measure !== 'function') {
    refuse('performance.measure', 'be a function', performance.measure)
  }
  return shortest
}

function measure({ what, of, group, start, end, outcome }: Entry): void {
  const { lock, mode, task, request, site } = of
  const name = wellFormed(`${what} ${lock} (${mode}): ${task}`)
  const properties = [
    ...[
      ['Task', task],
      ['Mode', mode],
      ['Outcome', outcome],
      ['Request', request],
    ],
    ...(site === undefined ? [] : [['Asked at', site]]),
  ]
  const devtools = {
    dataType: 'track-entry',
    track: wellFormed(lock),
    trackGroup: wellFormed(group),
    color: colourOf(what, mode, outcome),
    tooltipText: wellFormed(`${task}: ${what}, ${mode}, ${outcome}`),
    properties,
  }
  performance.measure(name, { start, end, detail: { devtools } })
  performance.clearMeasures(name)
}

function colourOf(what: Entry['what'], mode: LockMode, outcome: Entry['outcome']): Colour {
  if (outcome !== 'grant' && outcome !== 'release' && outcome !== 'open') return 'error'
  if (what === 'wait') return 'tertiary'
  return mode === 'exclusive' ? 'secondary' : 'primary'
}
