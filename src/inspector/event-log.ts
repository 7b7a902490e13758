/**
 * The latest events of this agent, as many as one can read. To make an event costs more than a whole
 * lock: when more come than are taken, the rest of the moment is left out, and the log says so. What
 * is rare (deadlocks, timeouts, losses, …) is always taken.
 */

import type { LockEvent, Locks } from '../locks'
import { eventLine, warning } from './words'

/** So many are kept. */
const mostKept = 1000

/** So many are taken in so many ms. */
const mostTaken = 100
const moment = 200

/** So many warnings are kept. */
const mostWarnings = 100

export interface LogLine {
  readonly id: number
  /** In ms since the epoch. */
  readonly time: number
  readonly type: LockEvent['type'] | 'gap'
  readonly text: string
}

export class EventLog {
  #lines: LogLine[] = []
  #warnings: LogLine[] = []
  #serial = 0
  #taken = 0
  #paused = false
  #stopCommon: (() => void) | undefined
  readonly #stopRare: () => void
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    readonly locks: Locks,
    /** There is something new. */
    readonly news: () => void,
  ) {
    this.#stopRare = locks.space.subscribeRare((event) => this.#rare(event))
    this.#listen()
  }

  /** The latest first. */
  get lines(): readonly LogLine[] {
    return this.#lines
  }

  /** Order warnings and deadlocks, the latest first; a pause does not hold them up. */
  get warnings(): readonly LogLine[] {
    return this.#warnings
  }

  get paused(): boolean {
    return this.#paused
  }

  pause(paused: boolean): void {
    this.#paused = paused
    if (paused) this.#deafen()
    else this.#listen()
    this.news()
  }

  clear(): void {
    this.#lines = []
    this.#warnings = []
    this.news()
  }

  stop(): void {
    this.#stopRare()
    this.#deafen()
  }

  #listen(): void {
    this.#stopCommon ??= this.locks.subscribe((event) => this.#common(event))
  }

  #deafen(): void {
    this.#stopCommon?.()
    this.#stopCommon = undefined
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#taken = 0
  }

  #rare(event: LockEvent): void {
    const text = warning(event)
    const line = this.#line(event.time, event.type, text ?? eventLine(event))
    if (text !== undefined) this.#warnings = [line, ...this.#warnings].slice(0, mostWarnings)
    if (!this.#paused) this.#keep(line)
    this.news()
  }

  #common(event: LockEvent): void {
    const { type, time } = event
    if (type !== 'request' && type !== 'grant' && type !== 'release') return
    this.#timer ??= setTimeout(() => {
      this.#deafen()
      this.#listen()
    }, moment)
    this.#keep(this.#line(time, type, eventLine(event)))
    this.news()
    if (++this.#taken < mostTaken) return
    this.#stopCommon?.()
    this.#stopCommon = undefined
    const text = `more came than are logged: for up to ${moment} ms nothing but rare events`
    this.#keep(this.#line(time, 'gap', text))
  }

  #line(time: number, type: LogLine['type'], text: string): LogLine {
    return { id: ++this.#serial, time, type, text }
  }

  #keep(line: LogLine): void {
    this.#lines.unshift(line)
    if (this.#lines.length > mostKept) this.#lines.length = mostKept
  }
}
