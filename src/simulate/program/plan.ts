/**
 * A program made ready to run: names become numbers, once for each program. Statements keep
 * their places, so that a position in the plan is one in the text.
 */

import {
  assertProgram,
  kindOf,
  locksOf,
  type Program,
  type Release,
  type Statement,
} from '../../scenario'

export type Mode = 0 | 1
/** Many may hold a lock at once. */
export const shared: Mode = 0
export const exclusive: Mode = 1

export type ReleaseOperation =
  | { readonly kind: 'release'; readonly lock: number; readonly mode: Mode }
  | { readonly kind: 'release-all' }

export type Operation =
  | ReleaseOperation
  | { readonly kind: 'acquire'; readonly lock: number; readonly mode: Mode }
  /** In the order in which they are taken: by name, by code unit, as the library's `all`. */
  | { readonly kind: 'all'; readonly locks: readonly number[] }
  | { readonly kind: 'load'; readonly local: number; readonly variable: number }
  | { readonly kind: 'store'; readonly variable: number; readonly local: number; plus: number }
  | { readonly kind: 'defer'; readonly release: ReleaseOperation }
  | { readonly kind: 'throw' }
  | { readonly kind: 'sleep' }

export interface PlannedLock {
  readonly name: string
  readonly kind: 'mutex' | 'rw'
  /** A mutex is a lock in the order of arrival that is only ever taken exclusively. */
  readonly order: 'fifo' | 'phase-fair'
}

export interface PlannedThread {
  readonly name: string
  readonly operations: readonly Operation[]
  /** Names of its own variables. */
  readonly locals: readonly string[]
}

export interface Plan {
  readonly program: Program
  readonly locks: readonly PlannedLock[]
  readonly threads: readonly PlannedThread[]
}

const plans = new WeakMap<Program, Plan>()

/** Throws a `RangeError` for a program beyond the limits. */
export function planOf(program: Program): Plan {
  const known = plans.get(program)
  if (known) return known
  assertProgram(program)
  const plan = makePlan(program)
  plans.set(program, plan)
  return plan
}

function makePlan(program: Program): Plan {
  const locks: PlannedLock[] = []
  const lockIndexes = new Map<string, number>()
  for (const statement of program.threads.flatMap((thread) => thread.statements)) {
    for (const name of locksOf(statement)) {
      if (lockIndexes.has(name)) continue
      lockIndexes.set(name, locks.length)
      const kind = kindOf(statement)
      const fifo = kind === 'mutex' || program.policy === 'fifo'
      locks.push({ name, kind, order: fifo ? 'fifo' : 'phase-fair' })
    }
  }
  const lock = (name: string) => lockIndexes.get(name) ?? -1
  const variable = (name: string) => program.variables.findIndex((each) => each.name === name)

  const threads = program.threads.map(({ name, statements }) => {
    const locals = [...new Set(statements.flatMap((s) => (s.kind === 'load' ? [s.local] : [])))]
    const release = (statement: Release): ReleaseOperation => {
      if (statement.kind === 'unlock-all') return { kind: 'release-all' }
      const mode = statement.kind === 'unread' ? shared : exclusive
      return { kind: 'release', lock: lock(statement.lock), mode }
    }
    const operation = (statement: Statement): Operation => {
      switch (statement.kind) {
        case 'lock':
        case 'read':
        case 'write': {
          const mode = statement.kind === 'read' ? shared : exclusive
          return { kind: 'acquire', lock: lock(statement.lock), mode }
        }
        case 'unlock':
        case 'unread':
        case 'unwrite':
        case 'unlock-all':
          return release(statement as Release)
        case 'all':
          return { kind: 'all', locks: [...statement.locks].sort(byCodeUnit).map(lock) }
        case 'load': {
          const local = locals.indexOf(statement.local)
          return { kind: 'load', local, variable: variable(statement.variable) }
        }
        case 'store': {
          const { local, plus } = statement.value
          const from = local === undefined ? -1 : locals.indexOf(local)
          return { kind: 'store', variable: variable(statement.variable), local: from, plus }
        }
        case 'defer':
          return { kind: 'defer', release: release(statement.release) }
        default:
          return { kind: statement.kind }
      }
    }
    return { name, operations: statements.map(operation), locals }
  })
  return { program, locks, threads }
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : 1
}
