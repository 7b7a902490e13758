/**
 * Who holds and waits for the locks of one lock space, for all components that look: one watch for
 * all of them, and of each lock one object until something about it changes.
 */

import type { Space } from '../locks/space'
import type { LocksView, PartyView } from '../locks/watch/view'
import { watch } from '../locks/watch/watcher'

export interface LockState {
  /** Whether anything is known yet: not on a server, nor in the first render. */
  readonly known: boolean
  /** By the time of their grants. */
  readonly holders: readonly PartyView[]
  /** By the time since when they wait. */
  readonly waiters: readonly PartyView[]
  /** Why nothing can be known here, if so: an `UnsupportedError`. */
  readonly error: unknown
}

const nobody: readonly PartyView[] = []
export const unknown: LockState = {
  known: false,
  holders: nobody,
  waiters: nobody,
  error: undefined,
}
const free: LockState = { ...unknown, known: true }

/** In ms: how often components hear of changes, at most. */
const every = 100

interface Looked {
  state: LockState
  readonly listeners: Set<() => void>
}

export class LockStates {
  readonly #space: Space
  readonly #byName = new Map<string, Looked>()
  #view: LocksView | undefined
  #stop: (() => void) | undefined

  constructor(space: Space) {
    this.#space = space
  }

  current(name: string): LockState {
    return this.#byName.get(name)?.state ?? unknown
  }

  subscribe(name: string, callback: () => void): () => void {
    const looked = this.#byName.get(name) ?? this.#look(name)
    looked.listeners.add(callback)
    return () => {
      looked.listeners.delete(callback)
      if (looked.listeners.size === 0) this.#byName.delete(name)
      if (this.#byName.size === 0) this.#end()
    }
  }

  #look(name: string): Looked {
    const looked = { state: stateIn(this.#view, name), listeners: new Set<() => void>() }
    this.#byName.set(name, looked)
    try {
      this.#stop ??= watch(this.#space, (view) => this.#show(view), { every })
    } catch (error) {
      looked.state = { ...unknown, error }
    }
    return looked
  }

  #show(view: LocksView): void {
    this.#view = view
    for (const [name, looked] of this.#byName) {
      const state = stateIn(view, name)
      if (isSame(looked.state, state)) continue
      looked.state = state
      for (const listener of [...looked.listeners]) listener()
    }
  }

  #end(): void {
    this.#stop?.()
    this.#stop = undefined
    this.#view = undefined
  }
}

function stateIn(view: LocksView | undefined, name: string): LockState {
  if (view === undefined) return unknown
  const { holders, waiters } = view.locks.find((lock) => lock.name === name) ?? free
  return { known: true, holders, waiters, error: undefined }
}

/** Views are plain values, made anew each time in the same way. */
function isSame(a: LockState, b: LockState): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

const spaces = new WeakMap<Space, LockStates>()

export function lockStatesOf(space: Space): LockStates {
  const known = spaces.get(space) ?? new LockStates(space)
  spaces.set(space, known)
  return known
}
