/**
 * Who waits for what: blocking waits, asynchronous waits and timers of all threads, in the order
 * in which they began, as engines keep them. A wait ends by a notification, or by its time, or
 * with its thread; until its thread has taken note of that it stays in the list.
 */

import { area, at, field, limits } from './control'

export const waiting = { blocking: 1, asynchronous: 2, timer: 3 } as const

export const waitState = { waiting: 0, woken: 1, timedOut: 2 } as const

/** No time: it waits until it is notified. */
export const never = -1

export interface Waiter {
  readonly thread: number
  readonly kind: number
  readonly index: number
  /** What the word was when the wait began. */
  readonly value: number
  readonly due: number
  readonly id: number
  readonly state: number
}

const part = { thread: 0, kind: 1, index: 2, value: 3, due: 4, id: 5, state: 6 } as const
type Part = keyof typeof part

export class Waiters {
  readonly #control: Int32Array

  constructor(control: Int32Array) {
    this.#control = control
  }

  get count(): number {
    return at(this.#control, field.waiters)
  }

  /** One field of a waiter, for those who look at many. */
  read(place: number, name: Part): number {
    return at(this.#control, area.waiters + place * area.waiterSize + part[name])
  }

  get(place: number): Waiter {
    return {
      thread: this.read(place, 'thread'),
      kind: this.read(place, 'kind'),
      index: this.read(place, 'index'),
      value: this.read(place, 'value'),
      due: this.read(place, 'due'),
      id: this.read(place, 'id'),
      state: this.read(place, 'state'),
    }
  }

  /** Whether a wait of this thread is over. @param blocked only blocking ones count */
  hasEnded(thread: number, blocked: boolean): boolean {
    for (let place = 0; place < this.count; place++) {
      if (this.read(place, 'thread') !== thread) continue
      if (this.read(place, 'state') === waitState.waiting) continue
      if (!blocked || this.read(place, 'kind') === waiting.blocking) return true
    }
    return false
  }

  add(waiter: Omit<Waiter, 'state'>): void {
    const place = this.count
    if (place === limits.waiters) throw new RangeError('More waits than the scheduler has room for')
    const from = area.waiters + place * area.waiterSize
    this.#control[from + part.thread] = waiter.thread
    this.#control[from + part.kind] = waiter.kind
    this.#control[from + part.index] = waiter.index
    this.#control[from + part.value] = waiter.value
    this.#control[from + part.due] = waiter.due
    this.#control[from + part.id] = waiter.id
    this.#control[from + part.state] = waitState.waiting
    this.#control[field.waiters] = place + 1
  }

  setState(place: number, state: number): void {
    this.#control[area.waiters + place * area.waiterSize + part.state] = state
  }

  remove(place: number): void {
    const from = area.waiters + place * area.waiterSize
    const end = area.waiters + this.count * area.waiterSize
    this.#control.copyWithin(from, from + area.waiterSize, end)
    this.#control[field.waiters] = this.count - 1
  }

  /** The place of the first that fits; -1 if none does. */
  find(fits: (waiter: Waiter) => boolean): number {
    for (let place = 0; place < this.count; place++) if (fits(this.get(place))) return place
    return -1
  }

  removeWhere(fits: (waiter: Waiter) => boolean): void {
    for (;;) {
      const place = this.find(fits)
      if (place < 0) return
      this.remove(place)
    }
  }

  /** Wakes the longest waiting of a word first. */
  notify(index: number, count: number): number {
    let woken = 0
    for (let place = 0; place < this.count && woken < count; place++) {
      if (this.read(place, 'kind') === waiting.timer) continue
      if (this.read(place, 'index') !== index) continue
      if (this.read(place, 'state') !== waitState.waiting) continue
      this.setState(place, waitState.woken)
      woken++
    }
    return woken
  }

  /** The wait whose time comes first, of one thread or of all; -1 if no time is set. */
  earliest(thread: number | undefined): number {
    let found = -1
    let due = Number.POSITIVE_INFINITY
    for (let place = 0; place < this.count; place++) {
      if (thread !== undefined && this.read(place, 'thread') !== thread) continue
      if (this.read(place, 'state') !== waitState.waiting) continue
      const its = this.read(place, 'due')
      if (its === never || its >= due) continue
      found = place
      due = its
    }
    return found
  }
}
