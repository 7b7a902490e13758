/** What happens to locks, as lines of a log. */

import type { LockEvent, Locks } from '../../locks'
import { checkFunction, checkNumber, checkObject } from '../../locks/arguments'
import { checkLocks, type Followed, type Following, follow } from './follow'
import {
  detailsOf,
  fieldsOf,
  gaveUp,
  type Level,
  type LogFields,
  type Logger,
  levels,
  nameOf,
  words,
} from './log-line'
import { oneLine } from './plain-text'

export interface LogOptions {
  /** From how long on a wait is slow, in ms. Default 1,000; `Infinity`: none is. */
  readonly slowWait?: number | undefined
}

/**
 * Writes what happens to the locks of this reach in this agent to a logger:
 *
 * - `debug`: acquired, released, given up through a signal, and tries that were answered "not now";
 * - `warn`: waits from `slowWait` on, once while they last and once more when they are granted;
 *   releases of what is not held any more; locks asked for against their order;
 * - `error`: waits that timed out, were in a deadlock, or whose mechanism failed; lost holds.
 *
 * Each line is a sentence and, as second argument, its fields. What was asked for before is not
 * written about. Where was asked is among the fields if call sites are recorded.
 *
 * @param logger `console`, or anything with its `debug`, `warn` and `error`
 * @returns what stops it
 * @throws TypeError, RangeError for bad arguments
 * @example
 * const stop = logTo(locks, console, { slowWait: 200 })
 * await cart.run(async () => { await save() })
 * stop()
 */
export function logTo(locks: Locks, logger: Logger, options: LogOptions = {}): () => void {
  checkLocks(locks)
  checkObject('logger', logger)
  for (const level of ['debug', 'warn', 'error'] as const) {
    checkFunction(`logger.${level}`, logger[level])
  }
  checkObject('options', options)
  const { slowWait = 1_000 } = options
  checkNumber('slowWait', slowWait, 0, Number.POSITIVE_INFINITY)
  const log = new LockLog(locks, logger, slowWait)
  return () => log.stop()
}

class LockLog {
  readonly #following: Following
  readonly #reported = new Set<string>()
  #waiting = 0
  #stopTimer: (() => void) | undefined

  constructor(
    readonly locks: Locks,
    readonly logger: Logger,
    readonly slowWait: number,
  ) {
    this.#following = follow(locks, {
      asked: () => {
        this.#waiting++
        if (this.#stopTimer === undefined) this.#watch(slowWait)
      },
      granted: (acquisition) => {
        this.#waited(acquisition)
        const wait = acquisition.granted - acquisition.asked
        const slow = wait >= slowWait
        const text = `acquired ${nameOf(acquisition)} after ${words(wait)}`
        this.#write(slow ? 'warn' : 'debug', text, { ...fieldsOf('grant', acquisition), wait })
      },
      ended: (acquisition, event) => {
        if (acquisition.granted === undefined) this.#waited(acquisition)
        this.#ended(acquisition, event)
      },
      other: (event) => this.#other(event),
    })
  }

  stop(): void {
    this.#following.stop()
    this.#stopTimer?.()
  }

  #ended(acquisition: Followed, event: LockEvent): void {
    const { asked, granted } = acquisition
    const name = nameOf(acquisition)
    const told = { ...fieldsOf(event.type, acquisition), ...detailsOf(event) }
    if (granted === undefined) {
      const wait = event.time - asked
      const failed = event.type === 'abort' && event.reason !== undefined
      const how = failed ? `failed (${event.reason})` : gaveUp[event.type]
      const level = failed ? 'error' : levels[event.type]
      this.#write(level, `the wait for ${name} ${how} after ${words(wait)}`, { ...told, wait })
    } else {
      const hold = event.time - granted
      const how = event.type === 'lost' ? `lost ${name} (${event.reason})` : `released ${name}`
      this.#write(levels[event.type], `${how} after ${words(hold)}`, { ...told, hold })
    }
  }

  #other(event: LockEvent): void {
    const name = nameOf(event)
    const text =
      event.type === 'not-held'
        ? `${name} was released a second time, by a hold that had ended`
        : event.type === 'order-violation'
          ? `${name} was asked for against the order: ${event.against} is held`
          : event.type === 'fence'
            ? `${name} has the fence ${event.fence}`
            : `the wait for ${name} is in a deadlock`
    const told = { ...fieldsOf(event.type, event), ...detailsOf(event) }
    this.#write(levels[event.type], text, told)
  }

  #waited({ request }: Followed): void {
    this.#reported.delete(request)
    // What is granted at once sets a timer only to stop it: nothing is left running, nor kept alive.
    if (--this.#waiting > 0) return
    this.#stopTimer?.()
    this.#stopTimer = undefined
  }

  #watch(delay: number): void {
    if (delay === Number.POSITIVE_INFINITY) return
    this.#stopTimer = this.locks.space.clock.after(delay, () => {
      this.#stopTimer = undefined
      this.#reportSlow()
    })
  }

  /** One timer for all waits: set for whichever gets slow next. */
  #reportSlow(): void {
    const now = performance.timeOrigin + this.locks.space.clock.now()
    let next = Number.POSITIVE_INFINITY
    for (const each of this.#following.open.values()) {
      if (each.granted !== undefined || this.#reported.has(each.request)) continue
      const wait = now - each.asked
      if (wait < this.slowWait) {
        next = Math.min(next, this.slowWait - wait)
        continue
      }
      this.#reported.add(each.request)
      const holders = this.#holdersOf(each.lock, now)
      const told = { ...fieldsOf('slow-wait', each), wait, holders }
      const by = holders.length > 0 ? `held by ${holders.join(', ')}` : 'held by nobody known here'
      this.#write('warn', `still waits for ${nameOf(each)} after ${words(wait)}: ${by}`, told)
    }
    // A timer may be early by a fraction of a millisecond.
    this.#watch(Math.max(1, next))
  }

  #holdersOf(lock: string, now: number): readonly string[] {
    return [...this.#following.open.values()].flatMap(({ granted, task, site, ...each }) => {
      if (each.lock !== lock || granted === undefined) return []
      const where = site === undefined ? '' : `, taken at ${site}`
      return [`${task} for ${words(now - granted)}${where}`]
    })
  }

  #write(level: Level, text: string, fields: LogFields): void {
    this.logger[level](oneLine(`${fields.task}: ${text}`), fields)
  }
}
