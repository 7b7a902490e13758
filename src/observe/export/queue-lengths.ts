/** How many waited for each lock over time, of what was recorded. */

import { type Acquisition, waitOf } from './acquisitions'

export interface QueueLength {
  readonly lock: string
  /** Each change: µs, and how many wait from then on. */
  readonly steps: readonly (readonly [time: number, waiting: number])[]
}

/** @param most of the locks, those that were waited for longest, all waits together */
export function queueLengths(
  acquisitions: readonly Acquisition[],
  most: number,
): readonly QueueLength[] {
  const waits = new Map<string, { total: number; changes: Map<number, number> }>()
  for (const acquisition of acquisitions) {
    const { lock, asked } = acquisition
    const wait = waitOf(acquisition)
    if (asked === undefined || wait === 0) continue
    const known = waits.get(lock) ?? { total: 0, changes: new Map() }
    waits.set(lock, known)
    known.total += wait
    const add = (time: number, by: number) =>
      known.changes.set(time, (known.changes.get(time) ?? 0) + by)
    add(asked, 1)
    // Who waits when the recording ends, waits on.
    if (acquisition.granted !== undefined || acquisition.outcome !== 'open') add(asked + wait, -1)
  }
  return [...waits]
    .sort(([, a], [, b]) => b.total - a.total)
    .slice(0, most)
    .map(([lock, { changes }]) => ({ lock, steps: stepsOf(changes) }))
}

function stepsOf(changes: ReadonlyMap<number, number>): [number, number][] {
  let waiting = 0
  return [...changes]
    .sort(([a], [b]) => a - b)
    .flatMap(([time, by]) => {
      waiting += by
      return by === 0 ? [] : [[time, waiting]]
    })
}
