/**
 * What each runner of a workload does: a pure function of the workload's shape, its seed and the
 * runner's index, the same under every lock. Every action takes four draws whatever it is, so that
 * a change of one part (the share of reads, say) leaves all the others as they were: two workloads
 * that are compared differ only where they differ ("common random numbers").
 */

import { seeded, streamSeed } from './random'
import { type Action, runnersOf, type Spread, type Workload } from './workload'

/** What of a workload its plan follows from: not the lock. */
export type PlanShape = Omit<Workload, 'title' | 'lock'>

/** The stream that shares loads out; runners have the streams from 0. */
const loadStream = -1

/**
 * The actions of one runner, drawn as they are asked for: endless where the workload ends by time.
 * @throws RangeError for a runner that is not there
 */
export function* planOf(shape: PlanShape, runner: number): Generator<Action, void, undefined> {
  const runners = runnersOf(shape)
  if (!Number.isInteger(runner) || runner < 0 || runner >= runners) {
    throw new RangeError(`runner must be a whole number from 0 to ${runners - 1}, got ${runner}`)
  }
  const load = loadsOf(shape)?.[runner] ?? Number.POSITIVE_INFINITY
  const random = seeded(streamSeed(shape.seed, runner))
  for (let done = 0; done < load; done++) yield draw(shape, random)
}

/** How many actions each runner has; `undefined` where the workload ends by time. */
export function loadsOf(shape: PlanShape): readonly number[] | undefined {
  const { end, seed } = shape
  if (end.kind === 'time') return undefined
  const runners = runnersOf(shape)
  const even = Math.floor(end.actions / runners)
  const loads = Array.from({ length: runners }, (_, runner) => {
    return even + (runner < end.actions % runners ? 1 : 0)
  })
  if (end.shared === 'unevenly') shift(loads, seeded(streamSeed(seed, loadStream)))
  return loads
}

/** As mapmutex's benchmark does: the first two, the next two, and so on. */
function shift(loads: number[], random: () => number): void {
  const below = (limit: number) => Math.floor(random() * limit)
  for (let left = 0; left + 1 < loads.length; left += 2) {
    const a = loads[left] ?? 0
    const b = loads[left + 1] ?? 0
    const part = below(Math.min(a, b))
    const by = below(part + 1) % 2 === 0 ? part : -part
    loads[left] = a - by
    loads[left + 1] = b + by
  }
}

function draw(shape: PlanShape, random: () => number): Action {
  const key = keyAt(shape, random())
  const mode = random() < shape.reads ? 'read' : 'write'
  const think = lengthAt(shape.think, random())
  const hold = lengthAt(mode === 'read' ? shape.readHold : shape.writeHold, random())
  return { key, mode, think, hold }
}

/** @param at from [0, 1) */
function keyAt({ keys, hot }: PlanShape, at: number): number {
  if (at < hot) return 0
  // The rest of the draw is as even as the whole; rounding must not lead past the last key.
  return Math.min(keys - 1, Math.floor(((at - hot) / (1 - hot)) * keys))
}

/** @param at from [0, 1): the length that this share of all lengths is below (inverse transform) */
export function lengthAt(spread: Spread, at: number): number {
  switch (spread.kind) {
    case 'fixed':
      return spread.ms
    case 'uniform':
      return Math.floor(at * spread.below)
    case 'exponential':
      // At most 22.2 means: draws are steps of 2^-32. Never -0, which is no number people write.
      return at === 0 ? 0 : -spread.mean * Math.log1p(-at)
    case 'bimodal':
      return at < spread.longShare ? spread.long : spread.short
  }
}
