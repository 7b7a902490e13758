/**
 * How a page and a tab that it opened get to know each other: the tab says that it is there, the page
 * welcomes it with a port of their own and the name of their lives, the tab says that it stays.
 *
 * A life is a lock that an end holds for as long as it is there, and that the other end waits for:
 * it is free the moment its holder is closed, reloaded or crashes, and not before. `closed` of a window tells
 * nothing of a crash or a reload, and only when one asks; `pagehide` is not sent by what crashed.
 */

import type { Hold, Locks } from '../locks'

export type TabErrorCode =
  /** The browser let no tab be opened. */
  | 'blocked'
  /** The tab did not greet in time. */
  | 'silent'
  /** The other end has gone: closed, reloaded, or crashed. */
  | 'gone'
  /** No page that opened this tab answers. */
  | 'alone'

/** `code` is stable; the message is for people, and says what to do. */
export class TabError extends Error {
  override readonly name = 'TabError'
  constructor(
    readonly code: TabErrorCode,
    message: string,
  ) {
    super(message)
  }
}

/** To the page's window, with a port for the answer. */
export const here = { latchkey: 'a tab is here' } as const

/** Answers `here`, with the port on which page and tab talk from now on. */
export interface Welcome {
  readonly type: 'welcome'
  readonly life: string
}

/** Answers `welcome`: the tab holds its life. */
export const stays = { type: 'stays' } as const

export function isHere(value: unknown): boolean {
  return fields(value).latchkey === here.latchkey
}

export function isWelcome(value: unknown): value is Welcome {
  const { type, life } = fields(value)
  return type === 'welcome' && typeof life === 'string'
}

export const lives = {
  page: (life: string) => `${life} page`,
  tab: (life: string) => `${life} tab`,
}

/** The locks by which both ends show that they live, of a reach that has both. */
export type LifeLocks = Pick<Locks, 'mutex'>

/** Of oneself: held until it is released, or its realm ends. */
export function live(locks: LifeLocks, name: string): Promise<Hold> {
  return locks.mutex(name, { fair: 'strict' }).acquire()
}

/** Of the other end: aborts with `error` once it has gone, unless `end` is aborted before. */
export function watch(
  locks: LifeLocks,
  name: string,
  end: AbortSignal,
  error: TabError,
): AbortSignal {
  const gone = new AbortController()
  const life = locks.mutex(name, { fair: 'strict' }).acquire({ signal: end })
  life.then(
    (hold) => {
      hold.release()
      gone.abort(error)
    },
    // Nobody watches any more. Whatever else there is says nothing about the other end.
    () => {},
  )
  return gone.signal
}

/** The first message of the port. Rejects with `limit.reason`. */
export function firstMessage(port: MessagePort, limit: AbortSignal): Promise<MessageEvent> {
  return new Promise((resolve, reject) => {
    limit.throwIfAborted()
    limit.addEventListener('abort', () => reject(limit.reason), { once: true })
    port.onmessage = resolve
  })
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
