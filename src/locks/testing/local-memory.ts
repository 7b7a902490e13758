/**
 * A lock memory whose agents all live in one thread: what `notify` wakes is awake by the next
 * microtask, so that tests need no real time. Deaths are scripted.
 */

import { noBus } from '../ports/bus'
import { createLockMemory } from '../ports/shared-memory/create-lock-memory'
import { type SharedMemoryOptions, SharedMemoryPort } from '../ports/shared-memory/shared-memory'
import type { WaitAsync } from '../ports/shared-memory/wait-async'
import { AtomicWords } from '../ports/shared-memory/words'
import type { Presence } from '../presence/presence'
import type { VirtualClock } from './virtual-clock'

export class LocalWords extends AtomicWords {
  /** What the other agents do while this thread is blocked: once, at the first wait. */
  meanwhile: (() => void) | undefined
  readonly #sleepers = new Map<number, (() => void)[]>()

  readonly waitAsync: WaitAsync = (_words, index, value) => {
    if (this.load(index) !== value) return { async: false, value: 'not-equal' }
    const sleeps = new Promise<void>((wake) => {
      this.#sleepers.set(index, [...(this.#sleepers.get(index) ?? []), wake])
    })
    return { async: true, value: sleeps }
  }

  constructor(
    buffer: SharedArrayBuffer,
    readonly clock: VirtualClock,
  ) {
    super(buffer)
  }

  /** Nobody else could wake this thread: time passes, if nothing else happens. */
  override wait(index: number, value: number, timeout: number): 'ok' | 'not-equal' | 'timed-out' {
    if (this.load(index) !== value) return 'not-equal'
    const { meanwhile } = this
    this.meanwhile = undefined
    meanwhile?.()
    if (this.load(index) !== value) return 'ok'
    this.clock.set(this.clock.now() + timeout)
    return 'timed-out'
  }

  override notify(index: number, count: number): number {
    const sleepers = this.#sleepers.get(index) ?? []
    for (const wake of sleepers.splice(0, count)) wake()
    return sleepers.length + super.notify(index, count)
  }
}

/** Who lives, as a test says. */
export class ScriptedDeaths {
  #ids = 0
  readonly #dead = new Set<string>()
  readonly #watchers = new Set<{ readonly id: string; readonly died: () => void }>()

  get watches(): number {
    return this.#watchers.size
  }

  /** @param established `false`: once its promise has been heard of */
  presence(established = true): Presence {
    const id = (++this.#ids).toString(16).padStart(16, '0')
    return {
      id,
      ready: Promise.resolve(),
      established,
      lost: new Promise(() => {}),
      watch: (of, died) => this.#watch(of, died),
      leave: () => this.kill(id),
    }
  }

  kill(id: string): void {
    this.#dead.add(id)
    for (const watcher of [...this.#watchers]) {
      if (watcher.id !== id) continue
      this.#watchers.delete(watcher)
      watcher.died()
    }
  }

  #watch(id: string, died: () => void): () => void {
    const watcher = { id, died }
    this.#watchers.add(watcher)
    if (this.#dead.has(id)) Promise.resolve().then(() => this.kill(id))
    return () => this.#watchers.delete(watcher)
  }
}

export class LocalMemory {
  readonly memory: SharedArrayBuffer
  readonly words: LocalWords
  readonly deaths = new ScriptedDeaths()

  constructor(
    readonly clock: VirtualClock,
    bytes = 2 ** 15,
  ) {
    this.memory = createLockMemory({ bytes })
    this.words = new LocalWords(this.memory, clock)
  }

  /** Another agent. */
  attach(options: Partial<SharedMemoryOptions> = {}): SharedMemoryPort {
    return new SharedMemoryPort(this.memory, {
      presence: () => this.deaths.presence(),
      clock: this.clock,
      bus: noBus,
      words: this.words,
      waitAsync: this.words.waitAsync,
      lifecycle: [],
      ...options,
    })
  }
}
