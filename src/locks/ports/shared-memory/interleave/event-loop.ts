/**
 * The event loop of a thread under test: asynchronous waits, timers and news of deaths come when
 * the schedule lets them. Between two of them its microtasks run, as in a real one.
 */

import type { Clock } from '../../../clock'
import type { Presence } from '../../../presence/presence'
import { at, field, ofThread } from './control'
import type { ScheduledWords } from './scheduled-words'
import { dueAfter, runOver } from './turns'
import { waiting, waitState } from './waiters'

export type WaitAsync = (
  index: number,
  value: number,
  timeout: number,
) =>
  | { readonly async: false; readonly value: 'not-equal' | 'timed-out' }
  | { readonly async: true; readonly value: Promise<'ok' | 'timed-out'> }

export class EventLoop {
  readonly clock: Clock
  readonly presence: Presence
  readonly #words: ScheduledWords
  readonly #waits = new Map<number, (result: 'ok' | 'timed-out') => void>()
  readonly #timers = new Map<number, () => void>()
  readonly #deaths = new Map<number, Set<() => void>>()
  #timerIds = 0

  constructor(words: ScheduledWords) {
    this.#words = words
    this.clock = {
      now: () => this.#now(),
      coarse: () => this.#now(),
      after: (delay, callback) => this.#after(delay, callback),
      soon: (callback) => {
        this.#after(0, callback)
      },
    }
    this.presence = {
      id: presenceId(words.thread),
      ready: Promise.resolve(),
      established: true,
      lost: new Promise(() => {}),
      watch: (id, died) => this.#watch(id, died),
      leave: () => this.#setOwn('gone', 1),
    }
  }

  readonly waitAsync: WaitAsync = (index, value, timeout) => {
    const wait = this.#words.waitAsync(index, value, timeout)
    if (!wait.async) return wait
    return { async: true, value: new Promise((resolve) => this.#waits.set(wait.id, resolve)) }
  }

  /** Runs the program, and then its event loop until the run is over. */
  async run(program: () => void | Promise<void>): Promise<void> {
    let failed: { readonly error: unknown } | undefined
    const ended = async () => {
      await program()
      this.#setOwn('finished', 1)
    }
    ended().catch((error: unknown) => {
      failed = { error }
    })
    for (;;) {
      await turn()
      if (failed !== undefined) throw failed.error
      this.#deliver()
    }
  }

  /** Waits for the next event, and passes it on. */
  #deliver(): void {
    if (this.#words.over) throw runOver
    const { turns, thread } = this.#words
    turns.situation.setStatus(thread, 'parked')
    this.#words.stop()
    turns.situation.setStatus(thread, 'ready')
    const place = turns.waiters.find(
      (each) => each.thread === thread && each.state !== waitState.waiting,
    )
    if (place < 0) {
      this.#tellDeath(turns.situation.nextDeath(thread))
      return
    }
    const { kind, id, state } = turns.waiters.get(place)
    turns.waiters.remove(place)
    this.#words.learn(kind, id, state)
    this.#words.record('park', kind, id, state)
    if (kind === waiting.timer) this.#timers.get(id)?.()
    else this.#waits.get(id)?.(state === waitState.woken ? 'ok' : 'timed-out')
    this.#timers.delete(id)
    this.#waits.delete(id)
  }

  #tellDeath(other: number): void {
    this.#setOwn('told', this.#own('told') | (1 << other))
    this.#words.races.told(this.#words.thread, other)
    this.#words.learn(other)
    this.#words.record('park', 0, other, 0)
    const callbacks = this.#deaths.get(other) ?? []
    this.#deaths.delete(other)
    this.#setOwn('watches', this.#own('watches') & ~(1 << other))
    for (const died of callbacks) died()
  }

  #now(): number {
    const now = at(this.#words.turns.control, field.clock)
    this.#words.learn(now)
    return now
  }

  #after(delay: number, callback: () => void): () => void {
    if (this.#words.over) throw runOver
    const { turns, thread } = this.#words
    const id = -++this.#timerIds
    const due = dueAfter(at(turns.control, field.clock), delay)
    turns.waiters.add({ thread, kind: waiting.timer, index: 0, value: 0, due, id })
    const place = turns.waiters.count - 1
    if (delay <= 0) turns.waiters.setState(place, waitState.timedOut)
    this.#timers.set(id, callback)
    return () => {
      if (this.#words.over || !this.#timers.delete(id)) return
      turns.waiters.removeWhere((each) => each.thread === thread && each.id === id)
    }
  }

  #watch(id: string, died: () => void): () => void {
    if (this.#words.over) throw runOver
    const other = Number.parseInt(id, 16) - 1
    const threads = at(this.#words.turns.control, field.threads)
    // An id that nobody has: proven at once, but told in a turn of its own.
    if (!(other >= 0 && other < threads)) return this.#after(0, died)
    const callbacks = this.#deaths.get(other) ?? new Set()
    this.#deaths.set(other, callbacks)
    callbacks.add(died)
    this.#setOwn('told', this.#own('told') & ~(1 << other))
    this.#setOwn('watches', this.#own('watches') | (1 << other))
    return () => {
      callbacks.delete(died)
      if (callbacks.size > 0 || this.#deaths.get(other) !== callbacks) return
      this.#deaths.delete(other)
      this.#setOwn('watches', this.#own('watches') & ~(1 << other))
    }
  }

  #own(name: 'watches' | 'told'): number {
    return at(this.#words.turns.control, ofThread(this.#words.thread, name))
  }

  #setOwn(name: 'watches' | 'told' | 'gone' | 'finished', value: number): void {
    if (this.#words.over) return
    this.#words.turns.control[ofThread(this.#words.thread, name)] = value
  }
}

/** A real turn of the real event loop: by then every microtask has run. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

export function presenceId(thread: number): string {
  return (thread + 1).toString(16).padStart(16, '0')
}
