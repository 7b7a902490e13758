/** What the director of a case says to an agent, and what he hears. All of it can be cloned. */

import type { GoAction } from '../../src/fixtures/go-rwmutex'
import type { LockMode, Reach } from '../../src/locks/index'
import type { PortSnapshot } from '../../src/locks/ports/port'
import type { ProbeState } from '../../src/locks/testing/probe'
import type { PortName } from './ports'

/** Which port an agent is to stand on. */
export interface Opening {
  readonly port: PortName
  /** For reach `cluster`. */
  readonly memory: SharedArrayBuffer | undefined
}

export interface Wish {
  readonly name?: string
  readonly mode?: LockMode
  readonly ifAvailable?: boolean
  readonly steal?: boolean
}

export type Side = 'mutex' | 'read' | 'write'

export type Command =
  /** A bare request to the port. */
  | { readonly type: 'ask'; readonly id: string; readonly wish: Wish }
  /** Withdraws it or gives it back, whichever it needs. */
  | { readonly type: 'end'; readonly id: string }
  /** Answered once the request is granted. */
  | { readonly type: 'held'; readonly id: string }
  /** Mints a fence for what it holds. */
  | { readonly type: 'mint'; readonly id: string; readonly floor: number }
  /** Holds a lock of the library; answered once it is held. */
  | {
      readonly type: 'take'
      readonly id: string
      readonly lock: string
      readonly side: Side
      readonly task: string
    }
  | { readonly type: 'give'; readonly id: string }
  /** Looks for deadlocks in waits of `after` ms from then on, until it is cleared. */
  | { readonly type: 'detect'; readonly after: number }
  /** Asks for a mutex on behalf of the task that took `by`. */
  | {
      readonly type: 'want'
      readonly id: string
      readonly by: string
      readonly lock: string
      /** ms */
      readonly timeout?: number
    }
  /** Answered once that has come to an end. */
  | { readonly type: 'ending'; readonly id: string }
  /** Takes a mutex by blocking the thread, and gives it back. */
  | { readonly type: 'block'; readonly lock: string; readonly timeout: number }
  /** One action of a goroutine on an RW lock. */
  | { readonly type: 'act'; readonly lock: string; readonly g: number; readonly op: GoAction }
  | { readonly type: 'look' }
  /** What the mechanism itself lists, for all agents. */
  | { readonly type: 'list' }
  /** Ends everything that was asked for. */
  | { readonly type: 'clear' }
  /** Says farewell and goes away by itself, where it can. */
  | { readonly type: 'leave' }

export interface Answers {
  readonly ask: null
  readonly end: null
  readonly held: null
  /** `null`: it holds it no more. */
  readonly mint: number | null
  readonly take: null
  readonly give: null
  readonly detect: null
  readonly want: null
  readonly ending: Ending
  /** `held`, or the name of the error. */
  readonly block: string
  readonly act: null
  readonly look: Look
  readonly list: PortSnapshot
  readonly clear: null
  readonly leave: null
}

/** It is held, or the error's name with, for a deadlock, its tasks. */
export type Ending = 'held' | { readonly error: string; readonly cycle: readonly string[] }

/** How an agent sees things. */
export interface Look {
  readonly asked: readonly Asked[]
  /** What it has asked of the mechanism itself, behind whatever cohort there is. */
  readonly live: readonly {
    readonly name: string
    readonly mode: LockMode
    readonly held: boolean
  }[]
  /** The next turn of its event loop will act. */
  readonly busy: boolean
  readonly goroutines: GoroutinesLook
}

export interface Asked {
  readonly id: string
  readonly state: ProbeState
  readonly reason: string | undefined
  /** Told out of turn. */
  readonly mistakes: readonly string[]
}

export interface GoroutinesLook {
  /** Once for each read lock held. */
  readonly readers: readonly number[]
  readonly writers: readonly number[]
  readonly waiting: readonly number[]
  /** What the last try answered. */
  readonly tried: boolean | undefined
  readonly failure: string | undefined
}

/** One agent, wherever it lives. */
export interface Agent {
  readonly kind: AgentKind
  obey<T extends Command['type']>(command: Command & { readonly type: T }): Promise<Answers[T]>
  /** Ends its life without a farewell, as far as the environment can. */
  kill(): void
}

/** `self`: where the director is. `window`: opened and reachable. `tab`: on its own. */
export type AgentKind = 'self' | 'worker' | 'frame' | 'window' | 'tab' | 'thread'

/** What there is to put agents into. */
export interface Environment {
  /** Kinds of agents beside the director, which locks of this reach must exclude. */
  kinds(reach: Reach): readonly AgentKind[]
  start(kind: AgentKind, opening: Opening): Promise<Agent>
}
