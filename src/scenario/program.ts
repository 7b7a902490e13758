/**
 * What threads do when the question is not when but in which order: each a list of statements
 * over named locks and shared variables. Every statement is one atomic step; which thread
 * takes the next one is up to the scheduler. Only timed runs read the sleeps.
 */

export type LockStatementKind = 'lock' | 'unlock' | 'read' | 'unread' | 'write' | 'unwrite'

/** `lock` and `unlock` are of a mutex, the others of a reader-writer lock. */
export interface LockStatement {
  readonly kind: LockStatementKind
  readonly lock: string
}

/** Gives back what the thread's last `all` took. */
export interface UnlockAll {
  readonly kind: 'unlock-all'
}

export type Release =
  | { readonly kind: 'unlock' | 'unread' | 'unwrite'; readonly lock: string }
  | UnlockAll

/** What is stored: the local, if there is one, and `plus`. */
export interface Value {
  readonly local?: string
  readonly plus: number
}

export type Statement =
  | LockStatement
  | UnlockAll
  /** Several mutexes, taken in one order that is the same for everybody: by name. */
  | { readonly kind: 'all'; readonly locks: readonly string[] }
  /** Reads a shared variable into the thread's own. */
  | { readonly kind: 'load'; readonly local: string; readonly variable: string }
  | { readonly kind: 'store'; readonly variable: string; readonly value: Value }
  /** Runs when the thread has come to its end or has thrown, the last one first. */
  | { readonly kind: 'defer'; readonly release: Release }
  /** Ends the thread; what it deferred still runs. */
  | { readonly kind: 'throw' }
  /** In ms, drawn between the two; no step of its own. */
  | { readonly kind: 'sleep'; readonly from: number; readonly to: number }

export interface Variable {
  readonly name: string
  readonly initial: number
}

export interface ProgramThread {
  readonly name: string
  readonly statements: readonly Statement[]
}

/**
 * Who goes first at a reader-writer lock: `go` is phase-fair as Go's `RWMutex`, `fifo` one
 * queue in the order of arrival as Web Locks.
 */
export type ProgramPolicy = 'go' | 'fifo'

export interface Program {
  readonly title: string
  readonly policy: ProgramPolicy
  readonly variables: readonly Variable[]
  readonly threads: readonly ProgramThread[]
}

/** Who takes each step: indexes of `program.threads`. */
export type Schedule = readonly number[]

/** Every lock a statement asks for or gives back by name. */
export function locksOf(statement: Statement): readonly string[] {
  if (statement.kind === 'all') return statement.locks
  if (statement.kind === 'defer') return locksOf(statement.release)
  return 'lock' in statement ? [statement.lock] : []
}

export type LockKind = 'mutex' | 'rw'

/** The locks of a program with their kinds, in the order of the text. */
export function lockKinds(program: Program): ReadonlyMap<string, LockKind> {
  const kinds = new Map<string, LockKind>()
  for (const { statements } of program.threads) {
    for (const statement of statements) {
      for (const lock of locksOf(statement)) {
        if (!kinds.has(lock)) kinds.set(lock, kindOf(statement))
      }
    }
  }
  return kinds
}

/** Which kind of lock a statement speaks of; it must name one. */
export function kindOf(statement: Statement): LockKind {
  const { kind } = statement.kind === 'defer' ? statement.release : statement
  return kind === 'lock' || kind === 'unlock' || kind === 'all' ? 'mutex' : 'rw'
}
