/**
 * What one component wants to hold, from the first wish to the last release: a small store, with no
 * React in it. It hands out one object until something changes, as `useSyncExternalStore` needs it,
 * and it never leaves a hold behind: what is granted to a wish that was given up goes back at once.
 */

import type { Hold } from '../locks/hold'
import { type Held, heldOf } from './held'

export type ClaimState<H> =
  /** Nothing is wanted: not enabled, released, or not mounted yet. */
  | { readonly status: 'idle'; readonly hold: undefined; readonly error: undefined }
  /** In the queue. */
  | { readonly status: 'waiting'; readonly hold: undefined; readonly error: undefined }
  | { readonly status: 'held'; readonly hold: Held<H>; readonly error: undefined }
  /** It was held, and taken away: `error` is the `LockLostError`. */
  | { readonly status: 'lost'; readonly hold: undefined; readonly error: Error }
  /** The wait ended without the lock: a timeout, the signal's reason, or no way to lock here. */
  | { readonly status: 'failed'; readonly hold: undefined; readonly error: unknown }

export interface ClaimActions {
  /** Gives the lock back, or the place in the queue. It is not asked for again before `retry`. */
  readonly release: () => void
  /** Asks again after `release`, a loss or a failure; does nothing while it waits or holds. */
  readonly retry: () => void
}

export type Handle<H> = ClaimState<H> & ClaimActions

/** Waits for the lock until `signal` aborts. */
export type Ask<H> = (signal: AbortSignal) => Promise<H>

interface Attempt<H> {
  readonly controller: AbortController
  hold?: H
  stopListening?: () => void
}

export class Claim<H extends Hold> {
  #handle: Handle<H>
  /** How to ask, while somebody wants it. */
  #ask: Ask<H> | undefined
  #attempt: Attempt<H> | undefined
  readonly #idle: Handle<H>
  readonly #listeners = new Set<() => void>()

  constructor() {
    this.#idle = this.#handleOf({ status: 'idle', hold: undefined, error: undefined })
    this.#handle = this.#idle
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly current = (): Handle<H> => this.#handle

  /** On a server nothing is asked for, and a browser begins with what the server showed. */
  readonly onServer = (): Handle<H> => this.#idle

  start(ask: Ask<H>): void {
    this.#ask = ask
    this.#begin()
  }

  stop(): void {
    this.#ask = undefined
    this.#end()
    this.#become(this.#idle)
  }

  readonly #release = (): void => {
    if (this.#attempt === undefined) return
    this.#end()
    this.#become(this.#idle)
  }

  readonly #retry = (): void => {
    if (this.#ask !== undefined && this.#attempt === undefined) this.#begin()
  }

  #begin(): void {
    const ask = this.#ask
    if (ask === undefined) return
    this.#end()
    const attempt: Attempt<H> = { controller: new AbortController() }
    this.#attempt = attempt
    this.#become(this.#handleOf({ status: 'waiting', hold: undefined, error: undefined }))
    this.#follow(attempt, ask)
  }

  async #follow(attempt: Attempt<H>, ask: Ask<H>): Promise<void> {
    let hold: H
    try {
      hold = await ask(attempt.controller.signal)
    } catch (error) {
      this.#over(attempt, { status: 'failed', hold: undefined, error })
      return
    }
    if (this.#attempt !== attempt) {
      // Granted before the abort could reach it.
      hold[Symbol.dispose]()
      return
    }
    const { signal } = hold
    const lose = () =>
      this.#over(attempt, { status: 'lost', hold: undefined, error: signal.reason })
    if (signal.aborted) {
      lose()
      return
    }
    signal.addEventListener('abort', lose)
    attempt.stopListening = () => signal.removeEventListener('abort', lose)
    attempt.hold = hold
    this.#become(this.#handleOf({ status: 'held', hold: heldOf(hold), error: undefined }))
  }

  /** It ended by itself. */
  #over(attempt: Attempt<H>, state: ClaimState<H>): void {
    if (this.#attempt !== attempt) return
    attempt.stopListening?.()
    this.#attempt = undefined
    this.#become(this.#handleOf(state))
  }

  #end(): void {
    const attempt = this.#attempt
    if (attempt === undefined) return
    this.#attempt = undefined
    attempt.stopListening?.()
    attempt.controller.abort()
    attempt.hold?.[Symbol.dispose]()
  }

  #become(handle: Handle<H>): void {
    if (handle === this.#handle) return
    this.#handle = handle
    for (const listener of [...this.#listeners]) listener()
  }

  #handleOf(state: ClaimState<H>): Handle<H> {
    return { ...state, release: this.#release, retry: this.#retry }
  }
}
