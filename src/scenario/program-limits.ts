/**
 * What a program may be: small enough to be explored, shown and carried in a link. The same
 * rules for the text form, which adds the place, and for programs that come from elsewhere.
 */

import { nameProblem, titleProblem } from './limits'
import { kindOf, type LockKind, locksOf, type Program, type Statement } from './program'

export const programLimits = {
  threads: 8,
  /** Of one thread. */
  statements: 40,
  locks: 12,
  variables: 8,
  /** Characters of a name. */
  name: 16,
  /** Of a sleep, in ms. */
  sleep: 10_000,
  /** Of a number in the text, either way from 0. */
  number: 9_999,
} as const

/** Not names of locks or variables: they would read as something else. */
const reserved: readonly string[] = ['all', 'thread', 'var', 'title', 'policy']

const identifier = /^[A-Za-z_]\w*$/

/** Why `name` cannot name a lock or a variable, as the end of a sentence. */
export function identifierProblem(name: string): string | undefined {
  if (name.length > programLimits.name) return `is longer than ${programLimits.name} characters`
  if (!identifier.test(name)) return 'is not made of letters, digits and _, a letter first'
  if (reserved.includes(name.toLowerCase())) return 'is a word of the language'
  return undefined
}

/** Why `name` cannot name a thread, as the end of a sentence. */
export function threadNameProblem(name: string): string | undefined {
  if (name.length > programLimits.name) return `is longer than ${programLimits.name} characters`
  return name.includes('#') ? 'has a # in it' : nameProblem(name)
}

export function programTitleProblem(title: string): string | undefined {
  return title.includes('#') ? 'has a # in it' : titleProblem(title)
}

/** Reads a program from its beginning and says of each part why it cannot stand there. */
export class ProgramCheck {
  readonly #kinds = new Map<string, LockKind>()
  readonly #variables = new Set<string>()
  readonly #threads = new Set<string>()
  #locals = new Set<string>()
  #statements = 0

  variable(name: string, initial: number): string | undefined {
    const problem = identifierProblem(name)
    if (problem) return `the name "${name}" ${problem}`
    if (this.#variables.has(name)) return `"${name}" is declared twice`
    if (this.#variables.size === programLimits.variables) {
      return `at most ${programLimits.variables} variables can be declared`
    }
    this.#variables.add(name)
    return numberProblem(initial)
  }

  isVariable(name: string): boolean {
    return this.#variables.has(name)
  }

  thread(name: string): string | undefined {
    this.#locals = new Set()
    this.#statements = 0
    const problem = threadNameProblem(name)
    if (problem) return `the name "${name.slice(0, 30)}" ${problem}`
    if (this.#threads.has(name)) return `"${name}" is already a thread; names must differ`
    this.#threads.add(name)
    if (this.#threads.size <= programLimits.threads) return undefined
    return `at most ${programLimits.threads} threads can be explored`
  }

  statement(statement: Statement): string | undefined {
    this.#statements++
    if (this.#statements > programLimits.statements) {
      return `a thread has at most ${programLimits.statements} statements`
    }
    return this.#locks(statement) ?? this.#rest(statement)
  }

  #locks(statement: Statement): string | undefined {
    for (const lock of locksOf(statement)) {
      const problem = identifierProblem(lock)
      if (problem) return `the name "${lock.slice(0, 30)}" ${problem}`
      if (this.#variables.has(lock)) return `"${lock}" is a variable, not a lock`
      const kind = kindOf(statement)
      const known = this.#kinds.get(lock) ?? kind
      if (known !== kind)
        return `"${lock}" is ${named(known)} above and cannot be ${named(kind)} too`
      this.#kinds.set(lock, kind)
      if (this.#kinds.size > programLimits.locks) {
        return `at most ${programLimits.locks} locks can be named`
      }
    }
    if (statement.kind !== 'all') return undefined
    const { locks } = statement
    if (locks.length === 0) return '"all" needs the names of its locks'
    const twice = locks.find((lock, index) => locks.indexOf(lock) !== index)
    return twice === undefined ? undefined : `"${twice}" is named twice`
  }

  #rest(statement: Statement): string | undefined {
    switch (statement.kind) {
      case 'load': {
        const { local, variable } = statement
        const problem = identifierProblem(local)
        if (problem) return `the name "${local.slice(0, 30)}" ${problem}`
        if (this.#variables.has(local)) return `"${local}" is shared: load into a name of its own`
        if (!this.#variables.has(variable)) return undeclared(variable)
        this.#locals.add(local)
        return undefined
      }
      case 'store': {
        const { variable, value } = statement
        if (!this.#variables.has(variable)) return undeclared(variable)
        const { local } = value
        if (local !== undefined && this.#variables.has(local)) {
          return `"${local}" is shared: load it first, as in "n = ${local}"`
        }
        if (local !== undefined && !this.#locals.has(local)) {
          return `"${local}" has no value yet: load it first, as in "${local} = ${variable}"`
        }
        return numberProblem(value.plus)
      }
      case 'sleep':
        return sleepProblem(statement.from, statement.to)
      default:
        return undefined
    }
  }
}

function named(kind: LockKind): string {
  return kind === 'mutex' ? 'a mutex' : 'a reader-writer lock'
}

function undeclared(name: string): string {
  const short = name.slice(0, 30)
  return `"${short}" is not declared: write "var ${short} = 0" above the threads`
}

function numberProblem(value: number): string | undefined {
  const fits = Number.isInteger(value) && Math.abs(value) <= programLimits.number
  if (fits && !Object.is(value, -0)) return undefined
  return `${value} is not a whole number from -${programLimits.number} to ${programLimits.number}`
}

function sleepProblem(from: number, to: number): string | undefined {
  for (const ms of [from, to]) {
    if (Number.isInteger(ms) && ms >= 0 && ms <= programLimits.sleep) continue
    return `a sleep is whole milliseconds from 0 to ${programLimits.sleep}, found ${ms}`
  }
  return from <= to ? undefined : `a sleep from ${from} cannot end before it, at ${to}`
}

/**
 * Throws a `RangeError` that names what is wrong with a program that did not come from its text
 * form. A program that passes can be printed, linked and explored.
 */
export function assertProgram({ title, policy, variables, threads }: Program): void {
  const titled = programTitleProblem(title)
  if (titled) fail(`title ${JSON.stringify(title)} ${titled}`)
  if (policy !== 'go' && policy !== 'fifo') fail(`policy ${JSON.stringify(policy)}`)
  if (threads.length === 0) fail('a program needs a thread')
  const check = new ProgramCheck()
  for (const { name, initial } of variables) failIf(check.variable(name, initial))
  for (const { name, statements } of threads) {
    failIf(check.thread(name))
    if (statements.length === 0) fail(`${name} has no statement`)
    for (const statement of statements) {
      const problem = check.statement(statement)
      if (problem) fail(`${name}: ${problem}`)
    }
  }
}

function failIf(problem: string | undefined): void {
  if (problem) fail(problem)
}

function fail(why: string): never {
  throw new RangeError(`not a program: ${why}`)
}
