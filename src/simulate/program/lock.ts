/**
 * One lock and its queue: who is inside, and who waits, in the order of arrival. Pure rules of
 * who is let in; they know nothing of programs.
 *
 * `fifo`: only the first of the queue can be let in, so neighbours that go together go in
 * together. `phase-fair` is Go's `RWMutex`: one writer at a time is *pending*: it waits for
 * the readers inside, or writes. While there is one, readers queue; its release lets all
 * of them in, and then the next writer becomes pending.
 */

import { exclusive, type Mode, type PlannedLock, shared } from './plan'

/** A thread and its mode in one number. */
export type Place = number

export function placeOf(thread: number, mode: Mode): Place {
  return thread * 2 + mode
}

export function threadOf(place: Place): number {
  return place >> 1
}

export function modeOf(place: Place): Mode {
  return (place & 1) as Mode
}

export interface LockState {
  /** Ascending: who came in first makes no difference. A thread that reads twice is here twice. */
  readonly inside: readonly Place[]
  /** In the order of arrival. */
  readonly queue: readonly Place[]
  /** The thread whose turn it is to write, waiting or inside; -1 when there is none, or `fifo`. */
  readonly pending: number
}

export const freeLock: LockState = { inside: [], queue: [], pending: -1 }

type Order = PlannedLock['order']

/** Asks: afterwards the place is either inside or at the end of the queue. */
export function ask(order: Order, state: LockState, place: Place): LockState {
  const { inside, queue, pending } = state
  if (order === 'fifo') {
    if (queue.length === 0 && fits(inside, place)) return entered(state, place)
    return { inside, queue: [...queue, place], pending }
  }
  if (modeOf(place) === shared) {
    if (pending < 0) return entered(state, place)
    return { inside, queue: [...queue, place], pending }
  }
  if (pending >= 0) return { inside, queue: [...queue, place], pending }
  const announced = { inside, queue, pending: threadOf(place) }
  if (inside.length === 0) return entered(announced, place)
  return { ...announced, queue: [...queue, place] }
}

/** `undefined` when the place is not inside. */
export function giveBack(order: Order, state: LockState, place: Place): LockState | undefined {
  const at = state.inside.indexOf(place)
  if (at < 0) return undefined
  const left = { ...state, inside: state.inside.toSpliced(at, 1) }
  return order === 'fifo' ? admitFirst(left) : admitPhase(left, modeOf(place))
}

function admitFirst(state: LockState): LockState {
  let { inside, queue } = state
  for (;;) {
    const [first] = queue
    if (first === undefined || !fits(inside, first)) return { ...state, inside, queue }
    inside = withPlace(inside, first)
    queue = queue.slice(1)
  }
}

function admitPhase(left: LockState, gone: Mode): LockState {
  if (gone === shared) return admitPending(left)
  const readers = left.queue.filter((place) => modeOf(place) === shared)
  const writers = left.queue.filter((place) => modeOf(place) === exclusive)
  const [next] = writers
  const inside = readers.reduce(withPlace, left.inside)
  return admitPending({ inside, queue: writers, pending: next === undefined ? -1 : threadOf(next) })
}

/** Once nobody is inside, the pending writer is. */
function admitPending({ inside, queue, pending }: LockState): LockState {
  if (pending < 0 || inside.length > 0) return { inside, queue, pending }
  const place = placeOf(pending, exclusive)
  return { inside: [place], queue: queue.filter((each) => each !== place), pending }
}

function entered(state: LockState, place: Place): LockState {
  return { ...state, inside: withPlace(state.inside, place) }
}

function withPlace(inside: readonly Place[], place: Place): readonly Place[] {
  if (inside.length === 0) return [place]
  return [...inside, place].sort((a, b) => a - b)
}

function fits(inside: readonly Place[], place: Place): boolean {
  return inside.length === 0 || (modeOf(place) === shared && inside.every(isShared))
}

function isShared(place: Place): boolean {
  return modeOf(place) === shared
}

/**
 * Whom the place at `index` of the queue waits for, as threads: all of them have to go first.
 * The nearest one before it that it cannot share with, else those inside. And itself, wherever it
 * queues, if it is inside and cannot share with that: nobody else needs to be there for it to hang.
 */
export function waitsFor(order: Order, state: LockState, index: number): readonly number[] {
  const place = state.queue[index]
  if (place === undefined) return []
  const clashing = state.inside
    .filter((each) => modeOf(place) === exclusive || !isShared(each))
    .map(threadOf)
  const own = threadOf(place)
  const itself = clashing.includes(own) ? [own] : []
  const others = nearestBefore(order, state, index) ?? clashing
  return [...new Set([...itself, ...others])]
}

/** `undefined` for a place that waits for those inside. */
function nearestBefore(
  order: Order,
  { queue, pending }: LockState,
  index: number,
): readonly number[] | undefined {
  const place = queue[index]
  if (place === undefined) return undefined
  const mode = modeOf(place)
  if (order === 'phase-fair' && mode === shared) return [pending]
  if (order === 'phase-fair' && threadOf(place) === pending) return undefined
  const before = queue
    .slice(0, index)
    .findLast((each) =>
      order === 'fifo'
        ? modeOf(each) === exclusive || mode === exclusive
        : modeOf(each) === exclusive,
    )
  if (before !== undefined) return [threadOf(before)]
  return order === 'phase-fair' ? [pending] : undefined
}
