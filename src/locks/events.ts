/**
 * The one event vocabulary: the library emits it, the simulator emits it, and every
 * view, profile and export reads it. Nothing else flows between those layers.
 */

import type { Reach } from './ports/port'

export type LockMode = 'exclusive' | 'shared'

/** Somebody in a deadlock: each waits for the next one in its cycle, the last for the first. */
export interface DeadlockParty {
  readonly agent: string
  readonly task: string
  /**
   * It waits by blocking its thread. Another agent's blocked thread tells nobody its task, so it
   * goes by `a blocked thread`, and its agent by the `clientId` that `query()` lists it under.
   */
  readonly blocked?: true
  /** What it waits for, and in which mode. */
  readonly lock: string
  /** How far that lock reaches, where the cycle leads through locks of different reaches. */
  readonly reach?: Reach
  readonly mode: LockMode
  /** What the next one does with that lock: holds it, or waits for it before this one. */
  readonly behind: 'holder' | 'waiter'
  /** For how long it has waited, in ms; of another agent's blocked thread what is known of that. */
  readonly for: number
  /** Where it asked, if call sites are recorded. */
  readonly site?: string
}

interface EventBase {
  /**
   * Milliseconds. From the library: `performance.timeOrigin + performance.now()` of the
   * emitting agent, so that agents of one machine can be compared; from the simulator:
   * virtual time since the start.
   */
  readonly time: number
  /** The page, worker or thread that asked; unique in the lock space. */
  readonly agent: string
  /** The task on whose behalf it was asked; anonymous tasks have an id of their own. */
  readonly task: string
  /** The lock's name. An RW lock's writer gate is not reported separately. */
  readonly lock: string
  readonly mode: LockMode
  /** One id for everything that happens to one acquisition; unique in the lock space. */
  readonly request: string
  /** Where in the code it was asked, if call sites are recorded. */
  readonly site?: string | undefined
}

export type LockEvent =
  /** Asked for. Every request ends in exactly one of grant, abort, timeout, refuse, deadlock (if not `goesOn`). */
  | (EventBase & { readonly type: 'request' })
  | (EventBase & { readonly type: 'grant' })
  /** It has its fencing token. Follows the grant, if one was asked for. */
  | (EventBase & { readonly type: 'fence'; readonly fence: number })
  /** Given back by its holder. Every grant ends in exactly one of release, lost. */
  | (EventBase & {
      readonly type: 'release'
      /**
       * ms: until the event loop turned for the first time while it was held, if it did and somebody
       * looked (`latchkey/observe`). What is left of the hold was waited for something else.
       */
      readonly ran?: number | undefined
    })
  /** The wait was given up through its signal or, if there is a reason, its mechanism failed. */
  | (EventBase & { readonly type: 'abort'; readonly reason?: string | undefined })
  | (EventBase & { readonly type: 'timeout' })
  /** A try-acquisition was answered "not now". */
  | (EventBase & { readonly type: 'refuse' })
  /** Taken from its holder: stolen, lease run out, connection gone. */
  | (EventBase & { readonly type: 'lost'; readonly reason: string })
  /** The wait was found in a deadlock, and chosen as its victim. */
  | (EventBase & {
      readonly type: 'deadlock'
      readonly cycle: readonly DeadlockParty[]
      /** The wait goes on: deadlocks are only reported here. */
      readonly goesOn?: true
    })
  /** Released a second time, which throws `NotHeldError`: whoever holds it by now still does. */
  | (EventBase & { readonly type: 'not-held' })
  /** The acquisition inverts an order seen or declared before. */
  | (EventBase & { readonly type: 'order-violation'; readonly against: string })

export type LockEventType = LockEvent['type']
export type LockEventListener = (event: LockEvent) => void
