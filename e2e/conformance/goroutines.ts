/** Goroutines of a recorded run of Go, each acting on one RW lock of the library. */

import type { GoAction } from '../../src/fixtures/go-rwmutex'
import type { Hold, RWLock } from '../../src/locks/index'
import type { GoroutinesLook } from './protocol'

type Held = [g: number, hold: Hold][]

export class Goroutines {
  #readers: Held = []
  #writers: Held = []
  readonly #waiting = new Map<number, AbortController>()
  #tried: boolean | undefined
  #failure: string | undefined

  act(lock: RWLock, g: number, op: GoAction): void {
    switch (op) {
      case 'RLock':
        this.#wait(g, (signal) => lock.acquireRead({ signal }), this.#readers)
        break
      case 'Lock':
        this.#wait(g, (signal) => lock.acquireWrite({ signal }), this.#writers)
        break
      case 'TryRLock':
        this.#try(g, lock.tryAcquireRead(), this.#readers)
        break
      case 'TryLock':
        this.#try(g, lock.tryAcquireWrite(), this.#writers)
        break
      case 'RUnlock':
        this.#release(g, this.#readers)
        break
      case 'Unlock':
        this.#release(g, this.#writers)
        break
    }
  }

  look(): GoroutinesLook {
    const who = (held: Held) => held.map(([g]) => g)
    return {
      readers: who(this.#readers),
      writers: who(this.#writers),
      waiting: [...this.#waiting.keys()],
      tried: this.#tried,
      failure: this.#failure,
    }
  }

  /** Ends everything, deadlocks too. */
  clear(): void {
    for (const wait of this.#waiting.values()) wait.abort()
    for (const [, hold] of [...this.#readers, ...this.#writers]) hold.release()
    this.#readers = []
    this.#writers = []
    this.#tried = undefined
    this.#failure = undefined
  }

  #wait(g: number, ask: (signal: AbortSignal) => Promise<Hold>, held: Held): void {
    const controller = new AbortController()
    const { signal } = controller
    this.#waiting.set(g, controller)
    ask(signal)
      .then((hold) => {
        // An earlier withdrawal may let the next one in before it is withdrawn itself.
        if (signal.aborted) hold.release()
        else held.push([g, hold])
      })
      .catch((error) => this.#failed(error, signal.aborted))
      .finally(() => {
        if (this.#waiting.get(g) === controller) this.#waiting.delete(g)
      })
  }

  #try(g: number, answer: Promise<Hold | null>, held: Held): void {
    this.#tried = undefined
    answer
      .then((hold) => {
        this.#tried = hold !== null
        if (hold !== null) held.push([g, hold])
      })
      .catch((error) => this.#failed(error, false))
  }

  #release(g: number, held: Held): void {
    const at = held.findIndex(([holder]) => holder === g)
    const [entry] = at < 0 ? [] : held.splice(at, 1)
    if (entry === undefined) this.#failure ??= `goroutine ${g} holds nothing to release`
    else entry[1].release()
  }

  #failed(error: unknown, aborted: boolean): void {
    if (!aborted) this.#failure ??= String(error)
  }
}
