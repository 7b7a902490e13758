/**
 * One thread of a program, played through the library: its statements in their order, each when
 * its turn has come. A thread whose wait is rejected ends there, and everything that it holds is given
 * back, as `await using` would; one that merely forgets to unlock keeps what it holds.
 */

import { DeadlockError, type Hold, LatchkeyError, type RWPolicy, type Task } from '../../locks'
import { printStatement, type Release, type Statement } from '../../scenario'
import { loadFrom, type SharedVariables, storeIn } from './shared-variables'
import type { LockMark, RealMode, ThreadEnd, VariableMark } from './types'

export interface Part {
  readonly thread: number
  readonly statements: readonly Statement[]
  readonly task: Task
  /** Goes before each lock's name, so that runs do not disturb each other. */
  readonly prefix: string
  readonly policy: RWPolicy
  readonly variables: SharedVariables | undefined
  /** Resolves when the next step may begin. */
  readonly turn: () => Promise<void>
  /** In ms since the common start. */
  readonly now: () => number
  readonly tell: (mark: LockMark | VariableMark) => void
  readonly signal: AbortSignal
}

interface Held {
  readonly locks: readonly string[]
  readonly mode: RealMode
  readonly release: () => void
}

const modes = { lock: 'mutex', read: 'read', write: 'write' } as const
const released = { unlock: 'mutex', unread: 'read', unwrite: 'write' } as const

export async function playStatements(part: Part): Promise<ThreadEnd> {
  const { thread, now } = part
  const player = new Player(part)
  try {
    const threw = await player.run()
    return { thread, time: now(), kind: threw ? 'threw' : 'done' }
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error
    const time = now()
    player.releaseEverything()
    const kind = error instanceof DeadlockError ? 'victim' : 'refused'
    return { thread, time, kind, error: { name: error.name, message: error.message } }
  }
}

class Player {
  readonly #part: Part
  readonly #held: Held[] = []
  readonly #deferred: Release[] = []
  readonly #locals = new Map<string, number>()

  constructor(part: Part) {
    this.#part = part
  }

  /** Whether it threw. */
  async run(): Promise<boolean> {
    let threw = false
    for (const statement of this.#part.statements) {
      // When a step may begin is said by its turn.
      if (statement.kind === 'sleep') continue
      await this.#part.turn()
      if (statement.kind === 'throw') {
        threw = true
        break
      }
      await this.#play(statement)
    }
    for (const release of this.#deferred.toReversed()) {
      await this.#part.turn()
      this.#release(release)
    }
    return threw
  }

  releaseEverything(): void {
    for (const held of this.#held.splice(0).reverse()) this.#giveBack(held)
  }

  async #play(statement: Exclude<Statement, { kind: 'sleep' | 'throw' }>): Promise<void> {
    switch (statement.kind) {
      case 'lock':
      case 'read':
      case 'write': {
        const mode = modes[statement.kind]
        return this.#take([statement.lock], mode, () => this.#acquire(statement.lock, mode))
      }
      case 'all':
        return this.#take(statement.locks, 'mutex', () => this.#acquireAll(statement.locks))
      case 'defer':
        this.#deferred.push(statement.release)
        return
      case 'unlock':
      case 'unread':
      case 'unwrite':
        this.#release({ kind: statement.kind, lock: statement.lock })
        return
      case 'unlock-all':
        this.#release(statement)
        return
      case 'load': {
        const value = loadFrom(this.#part.variables, statement.variable)
        this.#locals.set(statement.local, value)
        this.#note('loads', statement.local, value)
        return
      }
      case 'store': {
        const { local, plus } = statement.value
        const value = (local === undefined ? 0 : (this.#locals.get(local) ?? Number.NaN)) + plus
        storeIn(this.#part.variables, statement.variable, value)
        this.#note('stores', statement.variable, value)
      }
    }
  }

  async #take(
    locks: readonly string[],
    mode: RealMode,
    acquire: () => Promise<() => void>,
  ): Promise<void> {
    this.#tell('asks', locks, mode)
    const release = await acquire()
    this.#tell('has', locks, mode)
    this.#held.push({ locks, mode, release })
  }

  async #acquire(lock: string, mode: RealMode): Promise<() => void> {
    const hold = await this.#ask(this.#part.prefix + lock, mode)
    return () => hold.release()
  }

  #ask(name: string, mode: RealMode): Promise<Hold> {
    const { task, policy, signal } = this.#part
    if (mode === 'mutex') return task.mutex(name, { fair: 'strict' }).acquire({ signal })
    const lock = task.rwLock(name, { policy, fair: 'strict' })
    if (mode === 'write') return lock.acquireWrite({ signal })
    // Reading again while reading is a trap only when a writer comes between: that is to be seen.
    return lock.acquireRead({ signal, reentrant: 'wait' })
  }

  /** Answers once all are held; they are until the answer is called. */
  #acquireAll(locks: readonly string[]): Promise<() => void> {
    const { task, prefix, signal } = this.#part
    return new Promise((resolve, reject) => {
      const whileHeld = () =>
        new Promise<void>((release) => {
          resolve(release)
        })
      const names = locks.map((lock) => prefix + lock)
      task.all(names, whileHeld, { signal }).catch(reject)
    })
  }

  #release(statement: Release): void {
    const at = this.#held.findLastIndex(({ locks, mode }) =>
      statement.kind === 'unlock-all'
        ? mode === 'mutex' && locks.length > 0
        : mode === released[statement.kind] && locks.includes(statement.lock),
    )
    const [held] = at < 0 ? [] : this.#held.splice(at, 1)
    // There is no hold to call release on: the library's user cannot even write this.
    if (!held) throw new TypeError(`there is no hold for "${printStatement(statement)}"`)
    this.#giveBack(held)
  }

  #giveBack({ locks, mode, release }: Held): void {
    release()
    this.#tell('gives', locks, mode)
  }

  #tell(kind: LockMark['kind'], locks: readonly string[], mode: RealMode): void {
    const { thread, now, tell } = this.#part
    tell({ thread, time: now(), kind, locks, mode })
  }

  #note(kind: VariableMark['kind'], name: string, value: number): void {
    const { thread, now, tell } = this.#part
    tell({ thread, time: now(), kind, name, value })
  }
}
