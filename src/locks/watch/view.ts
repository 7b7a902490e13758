/** What `locks.watch` shows: who holds which lock and who waits for it, in all agents. */

import type { LockMode } from '../events'

export interface LocksView {
  /** When it was put together, in ms since the epoch. */
  readonly time: number
  /** Those that somebody holds or waits for, by name. */
  readonly locks: readonly LockView[]
  /** This agent first, then the others by id: those that hold or wait, or did while watched. */
  readonly agents: readonly AgentView[]
  /** How many further holds and waits there are: of one agent, 1,000 are told. */
  readonly omitted: number
}

export interface LockView {
  /** As its user knows it, its first 500 characters: what an RW lock or a semaphore is made of goes by its name. */
  readonly name: string
  /** By the time of their grants. */
  readonly holders: readonly PartyView[]
  /** By the time since when they wait. */
  readonly waiters: readonly PartyView[]
}

/** Somebody who holds a lock or waits for it. */
export interface PartyView {
  /**
   * The agent's id, as events have it. Of one that has told nothing: what the mechanism calls it, its
   * `clientId`.
   */
  readonly agent: string
  /** The task's name; of one that has told nothing: '' where the mechanism does not know it. */
  readonly task: string
  readonly mode: LockMode
  /**
   * Since when it holds or waits, in ms since the epoch. Of one that has told nothing, where the
   * mechanism does not know it: since when it has been seen.
   */
  readonly since: number
  /** The fencing token, if it has one. */
  readonly fence?: number | undefined
  /** How many permits of a semaphore. */
  readonly permits?: number | undefined
  /** Where it asked, if call sites are recorded. */
  readonly site?: string | undefined
  /** Whether it is this agent's. */
  readonly own: boolean
  /**
   * `unknown`: only the mechanism lists it. Code that uses the mechanism directly, or an agent that
   * has not answered since the watch began.
   */
  readonly kind: 'latchkey' | 'unknown'
  /** Its agent does not answer any more (frozen, busy, dead): this is what it said last. */
  readonly silent: boolean
}

/** A page, worker or thread of the lock space. */
export interface AgentView {
  readonly agent: string
  /** Of a page its title, else where it is; of a worker its name. First 100 characters. */
  readonly title: string
  readonly own: boolean
  /** It does not answer any more: frozen, busy, or dead and not yet found to be. */
  readonly silent: boolean
}

export interface WatchOptions {
  /** The listener is called no more often than once in so many ms. Default 16. */
  readonly every?: number | undefined
}
