/**
 * A page that plays scenarios on real workers and compares them with their simulation, and that
 * gets in their way on purpose.
 */

import {
  perform,
  type RealPolicy,
  type RealProgress,
  type RealRun,
  RealRunError,
  type RealSpeed,
} from '../../src/perform'
import { catalogue, type Scenario } from '../../src/scenario'
import { type Comparison, compareRuns, simulate } from '../../src/simulate'
import { type Control, startControl } from './perform-control'
import { replay } from './perform-replay'

export interface Played {
  readonly run: RealRun
  readonly comparison: Comparison
  /** What the lock did wrong, given when it was really asked. */
  readonly wrong: readonly string[]
  readonly control: Control
  /** The events as they were told while the run went on. */
  readonly told: RealRun['events']
  readonly progress: readonly RealProgress[]
}

const quick = { policy: 'go', speed: 10 } as const

function scenarioOf(id: string): Scenario {
  const entry = catalogue.find((each) => each.id === id)
  if (entry === undefined) throw new Error(`no scenario ${id}`)
  return entry.scenario
}

async function play(id: string, policy: RealPolicy, speed: RealSpeed): Promise<Played> {
  const scenario = scenarioOf(id)
  const told: RealRun['events'][number][] = []
  const progress: RealProgress[] = []
  const control = startControl()
  const run = await perform(scenario, {
    policy,
    speed,
    onEvent: (event) => told.push(event),
    onProgress: (each) => {
      progress.push(each)
      if (each.kind === 'running') control.begin()
    },
  })
  const measured = await control.end()
  const comparison = compareRuns(simulate(scenario, policy).events, run.events, run)
  const wrong = await replay(run.events, policy === 'go' ? 'phase-fair' : 'fifo')
  return { run, comparison, wrong, control: measured, told, progress }
}

/** How a run of the seven seconds fails when `then` is done to its lock after two events. */
async function disturb(then: (lock: string) => unknown) {
  let events = 0
  const error = await perform(scenarioOf('seven-seconds'), {
    ...quick,
    onEvent: () => {
      if (++events === 2) lockOfRun().then(then)
    },
  }).then(() => 'finished', failureOf)
  return error
}

async function lockOfRun(): Promise<string> {
  const { held = [] } = await navigator.locks.query()
  return held.find(({ name }) => name?.startsWith('latchkey real run '))?.name ?? ''
}

function failureOf(error: unknown) {
  if (!(error instanceof RealRunError))
    return { code: 'other', threads: [], message: String(error) }
  const { code, threads, message } = error
  return { code, threads, message }
}

/** What is held or waited for in the whole origin. */
async function locksLeft(): Promise<readonly string[]> {
  const { held = [], pending = [] } = await navigator.locks.query()
  return [...held, ...pending].map(({ name }) => name ?? '')
}

/** Cancels the seven seconds as soon as `when` says so; how that ended, and what was left. */
async function cancel(when: 'at once' | 'starting' | number) {
  const controller = new AbortController()
  const reason = new Error('enough')
  let events = 0
  const run = perform(scenarioOf('seven-seconds'), {
    ...quick,
    signal: controller.signal,
    onEvent: () => {
      if (++events === when) controller.abort(reason)
    },
    onProgress: ({ kind }) => {
      if (kind === when) controller.abort(reason)
    },
  })
  if (when === 'at once') controller.abort(reason)
  const outcome = await run.then(
    () => 'finished',
    (error: unknown) => (error === reason ? 'the reason' : String(error)),
  )
  return { outcome, left: await locksLeft() }
}

const performLab = {
  play,
  cancel,
  playTwo: () =>
    Promise.all([play('seven-seconds', 'go', 10), play('phase-fair', 'web-locks', 10)]),
  fail: () => perform(scenarioOf('seven-seconds'), quick).then(() => 'finished', failureOf),
  async steal() {
    const failure = await disturb((lock) =>
      navigator.locks.request(lock, { steal: true }, () => {}),
    )
    return { failure, left: await locksLeft() }
  },
  /** A stranger asks for the run's lock, and keeps it. */
  async wedge() {
    const stranger = new AbortController()
    const kept = new Promise<void>((resolve) => {
      stranger.signal.onabort = () => resolve()
    })
    const failure = await disturb((lock) => navigator.locks.request(lock, () => kept))
    stranger.abort()
    return failure
  },
}

declare global {
  var lab: typeof performLab
}

globalThis.lab = performLab
