/**
 * Does a real run tell the same story as the simulated one? Event by event: the same events,
 * in the same order, at the same times within a tolerance.
 *
 * *Which event is which:* a thread does one thing after the other, so its n-th event here is
 * its n-th event there. Request ids, agents and the lock's name may differ.
 *
 * *Order* is demanded wherever the simulation has one that means something: events at
 * different virtual times, and within one virtual time a release before the grant that it
 * makes possible, that is, a grant that conflicts with what was released. Everything else at
 * one virtual time (two readers that one release lets in, a request beside a grant) may come
 * either way in reality, so it may here. Clocks of different workers agree to a fraction of a
 * millisecond only, so an order counts as reversed when it is so by more than `clockError`.
 *
 * A scenario in which two threads ask at one virtual time for what only one can get has more
 * than one right run; the simulation is one of them, and a real run may show another. The
 * comparison then says where they part.
 */

import type { LockEvent } from '../locks/events'
import type { ThreadId } from './types'

export interface CompareOptions {
  /** Ms of the scenario in one ms of the wall clock: 10 plays a second in 100 ms. */
  readonly speed: number
  /** A slot in ms of the scenario; times may differ by 5 % of it, played at `speed`. */
  readonly slot?: number
  /** How far the clocks of the real agents may be apart, in ms of the wall clock. */
  readonly clockError?: number
}

export type Difference =
  /** The simulation has it, the real run does not. */
  | { readonly kind: 'missing'; readonly expected: LockEvent }
  | { readonly kind: 'extra'; readonly found: LockEvent }
  /** A thread's event is another one than expected. */
  | { readonly kind: 'other'; readonly expected: LockEvent; readonly found: LockEvent }
  /** It came before `after`, by `by` ms of the wall clock. */
  | {
      readonly kind: 'order'
      readonly expected: LockEvent
      readonly found: LockEvent
      readonly after: LockEvent
      readonly by: number
    }
  /** It came `by` ms of the wall clock later than expected, or earlier if negative. */
  | {
      readonly kind: 'time'
      readonly expected: LockEvent
      readonly found: LockEvent
      readonly by: number
      readonly allowed: number
    }

export interface Comparison {
  readonly agrees: boolean
  /** Simulated events that have a real one which agrees with them. */
  readonly matched: number
  readonly total: number
  /** By how much a time may differ, in ms of the wall clock. */
  readonly tolerance: number
  /** The largest difference in time among those that came, in ms of the wall clock. */
  readonly largest: number
  /** In the simulation's order, the extra ones last. */
  readonly differences: readonly Difference[]
  /** `12 of 12 events agree`, or a sentence about the first difference. */
  readonly summary: string
}

interface Pair {
  readonly expected: LockEvent
  readonly found: LockEvent
  /** Ms of the wall clock since the scenario's time 0. */
  readonly at: number
}

/**
 * Both runs tell their times in ms of the scenario since its time 0, and their tasks are the
 * scenario's threads; the real one may come in any order.
 */
export function compareRuns(
  simulated: readonly LockEvent[],
  real: readonly LockEvent[],
  { speed, slot = 1000, clockError = 0 }: CompareOptions,
): Comparison {
  if (!(speed > 0 && Number.isFinite(speed))) {
    throw new RangeError(`speed must be a number above 0, got ${speed}`)
  }
  const tolerance = Math.max(20, (0.05 * slot) / speed)
  const differences: Difference[] = []
  const lanes = byThread(real)
  const lane = new Map<ThreadId, number>()
  const pairs: Pair[] = []
  const wrong = new Set<LockEvent>()
  const differ = (expected: LockEvent, difference: Difference) => {
    wrong.add(expected)
    differences.push(difference)
  }

  let largest = 0
  for (const expected of simulated) {
    const index = lane.get(expected.task) ?? 0
    lane.set(expected.task, index + 1)
    const found = lanes.get(expected.task)?.[index]
    if (!found) {
      differ(expected, { kind: 'missing', expected })
      continue
    }
    if (found.type !== expected.type || found.mode !== expected.mode) {
      differ(expected, { kind: 'other', expected, found })
      continue
    }
    const pair = { expected, found, at: found.time / speed }
    const early = latestBefore(pairs, pair, clockError)
    const by = pair.at - expected.time / speed
    largest = Math.max(largest, Math.abs(by))
    if (early) {
      const { found: after, at } = early
      differ(expected, { kind: 'order', expected, found, after, by: at - pair.at })
    } else if (Math.abs(by) > tolerance) {
      differ(expected, { kind: 'time', expected, found, by, allowed: tolerance })
    }
    pairs.push(pair)
  }
  for (const [thread, events] of lanes) {
    const rest = events.slice(lane.get(thread) ?? 0)
    for (const found of rest) differences.push({ kind: 'extra', found })
  }

  const total = simulated.length
  const [first] = differences
  const summary = first ? sentenceOf(first) : `${total} of ${total} events agree`
  const matched = total - wrong.size
  return { agrees: !first, matched, total, tolerance, largest, differences, summary }
}

/** Events of each thread in the order of their times. */
function byThread(events: readonly LockEvent[]): Map<ThreadId, LockEvent[]> {
  const lanes = new Map<ThreadId, LockEvent[]>()
  for (const event of events.toSorted((a, b) => a.time - b.time)) {
    lanes.set(event.task, [...(lanes.get(event.task) ?? []), event])
  }
  return lanes
}

/** The latest of the events that must come before this one and came after it. */
function latestBefore(pairs: readonly Pair[], pair: Pair, clockError: number): Pair | undefined {
  return pairs
    .filter(
      (earlier) => ordered(earlier.expected, pair.expected) && earlier.at > pair.at + clockError,
    )
    .reduce<Pair | undefined>(
      (latest, each) => (latest && latest.at > each.at ? latest : each),
      undefined,
    )
}

/** Whether `a`, which stands before `b` in the simulation, must come before it in reality. */
function ordered(a: LockEvent, b: LockEvent): boolean {
  if (a.time < b.time || a.task === b.task) return true
  const conflict = a.mode === 'exclusive' || b.mode === 'exclusive'
  return a.type === 'release' && b.type === 'grant' && conflict
}

const verbs: Partial<Record<LockEvent['type'], string>> = {
  request: 'asked',
  grant: 'got the lock',
  release: 'left',
  timeout: 'timed out',
}

/** `“Writer 1 got the lock at 4.00 s”` */
function told({ task, type, time }: LockEvent): string {
  return `“${task} ${verbs[type] ?? type} at ${(time / 1000).toFixed(2)} s”`
}

/** What differs and by how much, in a sentence. */
export function sentenceOf(difference: Difference): string {
  switch (difference.kind) {
    case 'missing':
      return `${told(difference.expected)} did not happen.`
    case 'extra':
      return `${told(difference.found)} happened, and should not have.`
    case 'other':
      return `${told(difference.expected)} was due; ${told(difference.found)} came instead.`
    case 'order': {
      const { expected, after, by } = difference
      return `${told(expected)} came ${ms(by)} before ${told(after)}, and should have come after it.`
    }
    case 'time': {
      const { expected, by, allowed } = difference
      return `${told(expected)} came ${ms(Math.abs(by))} ${by > 0 ? 'late' : 'early'}; ${ms(allowed)} are allowed.`
    }
  }
}

function ms(amount: number): string {
  return `${Math.round(amount * 10) / 10} ms`
}
