/** Each acquisition while it lives, for what is told as it happens. */

import type { LockEvent, LockMode, Locks } from '../../locks'
import { checkFunction, checkObject } from '../../locks/arguments'
import { isAside } from './aside'

export interface Followed {
  readonly agent: string
  readonly task: string
  readonly lock: string
  readonly mode: LockMode
  readonly request: string
  readonly site?: string | undefined
  /** ms, as events are timed. */
  readonly asked: number
  readonly granted?: number
}

export interface Steps {
  asked?(acquisition: Followed): void
  granted(acquisition: Followed & { readonly granted: number }): void
  /** Released, lost or given up: `granted` tells whether it was held. */
  ended(acquisition: Followed, event: LockEvent): void
  /** What begins and ends nothing. */
  other?(event: LockEvent): void
}

export interface Following {
  /** What is waited for and held, by request, the oldest first. */
  readonly open: ReadonlyMap<string, Followed>
  /** Once stopped, nothing is open any more. */
  stop(): void
}

/** What was asked for before is not followed: nobody knows since when it waits. */
export function follow(locks: Locks, steps: Steps): Following {
  const open = new Map<string, Followed>()
  const unsubscribe = locks.subscribe((event) => {
    const { type, request, time } = event
    const known = open.get(request)
    if (type === 'request') {
      const { agent, task, lock, mode, site } = event
      const acquisition = { agent, task, lock, mode, request, site, asked: time }
      open.set(request, acquisition)
      steps.asked?.(acquisition)
    } else if (isAside(event)) {
      steps.other?.(event)
    } else if (known !== undefined && type === 'grant') {
      const held = { ...known, granted: time }
      open.set(request, held)
      steps.granted(held)
    } else if (known !== undefined) {
      open.delete(request)
      steps.ended(known, event)
    }
  })
  const stop = () => {
    unsubscribe()
    open.clear()
  }
  return { open, stop }
}

export function checkLocks(locks: Locks): void {
  checkObject('locks', locks)
  checkFunction('locks.subscribe', locks.subscribe)
}
