/** Findings about who waits: convoys, starvation. */

import { show } from '../../locks/show'
import type { Acquired } from '../acquisitions'
import type { Recording } from '../recording'
import { count, duration, type Finding, placed } from './finding'
import { overtakings } from './overtaking'
import type { FindingSettings } from './settings'

/** A time in which somebody waited all along, and its longest queue. */
interface Jam {
  readonly onset: number
  asked: number
  served: number
  peak: { at: number; queue: number; asked: number; served: number }
}

/**
 * The queue of a lock grew faster than it drained: between a moment when nobody waited and that of the
 * longest queue some were served, yet more came. Many who ask at once are no convoy: none of them is
 * served while the queue grows.
 */
export function convoys(
  lock: string,
  acquired: readonly Acquired[],
  recording: Recording,
  { convoyQueue, convoyServed }: FindingSettings,
): readonly Finding[] {
  const { sample, to } = recording
  const steps = waitsOf(acquired).flatMap((wait) => {
    const end = wait.granted ?? wait.ended
    const leaves =
      end === undefined ? [] : [{ time: end, by: -1, served: wait.granted !== undefined }]
    return [{ time: wait.asked, by: 1, served: false }, ...leaves]
  })
  // Who goes makes room before who comes at the same moment.
  steps.sort((a, b) => a.time - b.time || a.by - b.by)
  const found: Finding[] = []
  let queue = 0
  let jam: Jam | undefined
  const end = (time: number) => {
    if (jam === undefined) return
    const { onset, peak } = jam
    // Each that was sampled stands for some others; but one alone is no queue.
    const enough = peak.queue * sample >= convoyQueue && (sample === 1 || peak.queue >= 3)
    if (enough && peak.served >= convoyServed) found.push(convoy(lock, onset, time, peak, sample))
    jam = undefined
  }
  for (const { time, by, served } of steps) {
    queue += by
    jam ??= {
      onset: time,
      asked: 0,
      served: 0,
      peak: { at: time, queue: 0, asked: 0, served: 0 },
    }
    if (by > 0) jam.asked++
    if (served) jam.served++
    if (queue > jam.peak.queue) {
      jam.peak = { at: time, queue, asked: jam.asked, served: jam.served }
    }
    if (queue === 0) end(time)
  }
  end(to)
  return found
}

function convoy(
  lock: string,
  onset: number,
  to: number,
  peak: Jam['peak'],
  sample: number,
): Finding {
  const [queue, asked, served] = [peak.queue * sample, peak.asked * sample, peak.served * sample]
  const about = sample === 1 ? '' : 'about '
  const grew = `within ${duration(peak.at - onset)} ${about}${asked} asked for it and ${served} got it`
  return {
    kind: 'convoy',
    lock,
    from: onset,
    to,
    figures: { onset, peak: peak.at, queue, asked, served },
    sentence: `The queue of ${show(lock)} grew faster than it drained: ${grew}, until ${about}${queue} waited.`,
  }
}

function waitsOf(acquired: readonly Acquired[]): readonly Acquired[] {
  return acquired.filter(({ asked, granted, ended }) => (granted ?? ended) !== asked)
}

/**
 * Somebody waited while others, who had asked later, got the lock again and again. Not counted is
 * what locks allow: overtaking at the beginning of a wait, by those in an agent that has the lock
 * (the cohort's budget); and, for a writer, one phase of readers after each writer before him.
 */
export function starvation(
  lock: string,
  acquired: readonly Acquired[],
  { to }: Recording,
  settings: FindingSettings,
): readonly Finding[] {
  const all = overtakings(acquired, to, settings.starvationPatience)
  const starved = new Map<string, { worst: Acquired; overtaken: number; waiters: number }>()
  for (const [index, wait] of acquired.entries()) {
    const overtaken = all[index] ?? 0
    if (overtaken < settings.starvationOvertaken) continue
    const key = `${wait.mode} ${wait.site}`
    const known = starved.get(key)
    const waiters = (known?.waiters ?? 0) + 1
    const isWorst = known === undefined || overtaken > known.overtaken
    starved.set(key, isWorst ? { worst: wait, overtaken, waiters } : { ...known, waiters })
  }
  return [...starved.values()].map(({ worst, overtaken, waiters }) => {
    const { mode, site, asked, granted, ended, task } = worst
    const end = granted ?? ended ?? to
    const waited = end - asked
    const where = site === undefined ? '' : ` at ${site}`
    const others = waiters === 1 ? '' : `; so were ${waiters - 1} more there`
    return {
      kind: 'starvation',
      lock,
      mode,
      ...placed(site),
      from: asked,
      to: end,
      figures: { waited, overtaken, waiters },
      sentence: `Task ${show(task)}, which asked for ${show(lock)}${where}, was overtaken ${count(overtaken, 'time')} in ${duration(waited)}${others}.`,
    }
  })
}
