/**
 * Presence by a Web Lock of one's own, held from birth to death: the browser takes it back after
 * the agent's last instruction (measured: a busy worker made no write after it). Whoever is granted
 * that lock has the proof. Serves pages, workers, and threads of a Node that has `navigator.locks`.
 *
 * It must be the agent's own: a page's locks are released while its workers may still run.
 */

import { UnsupportedError } from '../errors'
import { newPresenceId, type Presence } from './presence'

const lockName = (id: string) => `latchkey presence ${id}`

export function webLocksPresence(locks: LockManager): Presence {
  return new WebLocksPresence(locks)
}

class WebLocksPresence implements Presence {
  readonly id = newPresenceId()
  readonly ready: Promise<void>
  readonly lost: Promise<void>
  established = false
  #left = false
  #letGo: (() => void) | undefined

  constructor(readonly locks: LockManager) {
    const { promise: lost, resolve: lose } = deferred()
    this.lost = lost
    this.ready = new Promise((ready, fail) => {
      const hold = () => {
        if (this.#left) return undefined
        this.established = true
        ready()
        return new Promise<void>((letGo) => {
          this.#letGo = letGo
        })
      }
      const end = this.locks.request(lockName(this.id), hold)
      end.then(undefined, (error: unknown) => {
        if (this.established) lose()
        else fail(new UnsupportedError(`no Web Lock can be had here: ${error}`, { cause: error }))
      })
    })
    this.ready.catch(() => {})
  }

  watch(id: string, died: () => void): () => void {
    let watching = true
    const name = lockName(id)
    const stop = new AbortController()
    const granted = () => {
      if (watching) died()
      watching = false
    }
    // Shared, so that all who watch are told at once. A wait that is stopped rejects.
    const wait = { mode: 'shared', signal: stop.signal } as const
    this.locks.request(name, wait, granted).catch(() => {})
    return () => {
      watching = false
      stop.abort()
    }
  }

  leave(): void {
    this.#left = true
    this.#letGo?.()
  }
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
