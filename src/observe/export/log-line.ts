/** What a line of the log says of an event. */

import type { LockEvent, LockMode } from '../../locks'
import type { Followed } from './follow'

/** What a line says, for loggers that keep fields. Times are ms. */
export interface LogFields {
  readonly event: LockEvent['type'] | 'slow-wait'
  readonly lock: string
  readonly mode: LockMode
  readonly task: string
  readonly agent: string
  readonly request: string
  readonly site?: string
  /** How long it waited, or has waited so far. */
  readonly wait?: number
  readonly hold?: number
  /** Of a loss, and of a wait whose mechanism failed. */
  readonly reason?: string
  /** Of a deadlock: who waits for whom. */
  readonly cycle?: string
  /** Of an order violation. */
  readonly against?: string
  readonly fence?: number
  /** Of a slow wait: who in this agent holds the lock, for how long. */
  readonly holders?: readonly string[]
}

/** As `console`: pino, winston and others take a wrapper of three lines. */
export interface Logger {
  debug(message: string, fields: LogFields): void
  warn(message: string, fields: LogFields): void
  error(message: string, fields: LogFields): void
}

export type Level = keyof Logger

export const levels: Readonly<Record<LockEvent['type'], Level>> = {
  request: 'debug',
  grant: 'debug',
  fence: 'debug',
  release: 'debug',
  // "Not now" is an answer, and whoever aborts a wait wants no more of it.
  refuse: 'debug',
  abort: 'debug',
  'not-held': 'warn',
  'order-violation': 'warn',
  timeout: 'error',
  deadlock: 'error',
  lost: 'error',
}

export const gaveUp: Readonly<Partial<Record<LockEvent['type'], string>>> = {
  refuse: 'was refused',
  abort: 'was given up',
  timeout: 'timed out',
  deadlock: 'was chosen to end a deadlock',
}

export function nameOf({ lock, mode }: Pick<Followed, 'lock' | 'mode'>): string {
  return `${JSON.stringify(lock)} (${mode})`
}

export function words(ms: number): string {
  return `${Math.round(ms * 100) / 100} ms`
}

export function fieldsOf(
  event: LogFields['event'],
  { lock, mode, task, agent, request, site }: Pick<Followed, keyof Followed & keyof LockEvent>,
): LogFields {
  const place = site === undefined ? {} : { site }
  return { event, lock, mode, task, agent, request, ...place }
}

export function detailsOf(
  event: LockEvent,
): Pick<LogFields, 'reason' | 'cycle' | 'against' | 'fence'> {
  switch (event.type) {
    case 'fence':
      return { fence: event.fence }
    case 'lost':
      return { reason: event.reason }
    case 'abort':
      return event.reason === undefined ? {} : { reason: event.reason }
    case 'deadlock':
      return { cycle: event.cycle.map(({ task, lock }) => `${task} → ${lock}`).join(' → ') }
    case 'order-violation':
      return { against: event.against }
    default:
      return {}
  }
}
