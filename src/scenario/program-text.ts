/**
 * The readable form of a program, and its parser, which reports every error with its place.
 * `parseProgram(printProgram(p))` gives `p` again.
 *
 *     title AB-BA
 *     var hits = 0
 *     thread A
 *       lock a
 *       n = hits
 *       hits = n + 1
 *       unlock a
 *
 * A statement a line; `#` begins a comment anywhere. Comments and spaces are not kept.
 */

import {
  lockKinds,
  type Program,
  type ProgramPolicy,
  type ProgramThread,
  type Statement,
  type Value,
  type Variable,
} from './program'
import { ProgramCheck, programTitleProblem } from './program-limits'
import { Line, whole } from './program-line'
import { readStatement } from './program-statement'
import type { TextError } from './text'

export type ProgramParseResult =
  | { readonly kind: 'ok'; readonly program: Program; readonly lines: ProgramLines }
  /** In the order of the text; never empty. */
  | { readonly kind: 'broken'; readonly errors: readonly TextError[] }

/** For each thread the line of its heading and of each of its statements, from 1. */
export type ProgramLines = readonly {
  readonly heading: number
  readonly statements: readonly number[]
}[]

/** Longer texts are refused unread. */
const maxLength = 80_000

export function printProgram(program: Program): string {
  const { title, policy, variables, threads } = program
  const hasRW = [...lockKinds(program).values()].includes('rw')
  const lines = [
    ...(title ? [`title ${title}`] : []),
    ...(hasRW || policy !== 'go' ? [`policy ${policy}`] : []),
    ...variables.map(({ name, initial }) => `var ${name} = ${initial}`),
    ...threads.flatMap(({ name, statements }) => [
      `thread ${name}`,
      ...statements.map((statement) => `  ${printStatement(statement)}`),
    ]),
  ]
  return `${lines.join('\n')}\n`
}

export function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'all':
      return `all ${statement.locks.join(' ')}`
    case 'unlock-all':
      return 'unlock all'
    case 'load':
      return `${statement.local} = ${statement.variable}`
    case 'store':
      return `${statement.variable} = ${printValue(statement.value)}`
    case 'defer':
      return `defer ${printStatement(statement.release)}`
    case 'throw':
      return 'throw'
    case 'sleep': {
      const { from, to } = statement
      return from === to ? `sleep ${from}` : `sleep ${from}..${to}`
    }
    default:
      return `${statement.kind} ${statement.lock}`
  }
}

function printValue({ local, plus }: Value): string {
  if (local === undefined) return String(plus)
  if (plus === 0) return local
  return `${local} ${plus < 0 ? '-' : '+'} ${Math.abs(plus)}`
}

export function parseProgram(text: string): ProgramParseResult {
  if (text.length > maxLength) {
    const message = `The text has ${text.length} characters; at most ${maxLength} are read.`
    return { kind: 'broken', errors: [{ line: 1, column: 1, length: 1, message }] }
  }
  const reader = new Reader()
  text.split(/\r\n|[\n\r\u2028\u2029]/).forEach((source, index) => {
    reader.read(source, index + 1)
  })
  return reader.end()
}

interface Draft {
  readonly name: string
  readonly heading: Line
  readonly statements: Statement[]
  readonly lines: number[]
  /** A statement of it is broken, so that it is not empty. */
  broken: boolean
}

class Reader {
  readonly #errors: TextError[] = []
  readonly #check = new ProgramCheck()
  readonly #variables: Variable[] = []
  readonly #drafts: Draft[] = []
  #title: string | undefined
  #policy: ProgramPolicy | undefined

  read(source: string, number: number): void {
    const line = new Line(source, number, this.#errors)
    const keyword = line.words[0]?.text.toLowerCase()
    if (keyword === undefined) return
    if (keyword === 'title') this.#readTitle(line)
    else if (keyword === 'policy') this.#readPolicy(line)
    else if (keyword === 'var') this.#readVariable(line)
    else if (keyword === 'thread') this.#readThread(line)
    else this.#readStatement(line)
  }

  end(): ProgramParseResult {
    for (const { heading, statements, broken, name } of this.#drafts) {
      if (statements.length > 0 || broken) continue
      heading.report(0, `thread ${name} has no statement yet: write one such as "lock a"`)
    }
    if (this.#drafts.length === 0 && this.#errors.length === 0) {
      const message = 'There is no thread yet: write "thread A" and its statements below it.'
      this.#errors.push({ line: 1, column: 1, length: 1, message })
    }
    const errors = this.#errors.sort((a, b) => a.line - b.line || a.column - b.column)
    if (errors.length > 0) return { kind: 'broken', errors }
    const threads: ProgramThread[] = this.#drafts.map(({ name, statements }) => ({
      name,
      statements,
    }))
    const lines = this.#drafts.map((draft) => ({
      heading: draft.heading.number,
      statements: draft.lines,
    }))
    const head = { title: this.#title ?? '', policy: this.#policy ?? 'go' } as const
    return { kind: 'ok', program: { ...head, variables: this.#variables, threads }, lines }
  }

  #readTitle(line: Line): void {
    const title = line.rest
    if (this.#inThread(line, 'title')) return
    if (this.#title !== undefined) line.report(0, 'the program has a title already')
    const problem = programTitleProblem(title)
    if (problem) line.report(1, `the title ${problem}`)
    this.#title = title
  }

  #readPolicy(line: Line): void {
    const policy = line.words[1]?.text.toLowerCase()
    if (this.#inThread(line, 'policy')) return
    if (this.#policy !== undefined) line.report(0, 'the program has a policy already')
    if (policy === 'go' || policy === 'fifo') {
      this.#policy = policy
      line.expectEnd(2)
    } else {
      line.report(1, `expected "go" or "fifo", found ${line.found(1)}`)
    }
  }

  #readVariable(line: Line): void {
    const [, name, sign, value] = line.words
    if (this.#inThread(line, 'var')) return
    if (!name || sign?.text !== '=' || !value || !/^-?\d+$/.test(value.text)) {
      const place = !name ? 1 : sign?.text !== '=' ? 2 : 3
      line.report(place, `expected "var hits = 0", found ${line.found(place)}`)
      return
    }
    const initial = whole(value.text)
    const problem = this.#check.variable(name.text, initial)
    if (problem) line.report(1, problem)
    else this.#variables.push({ name: name.text, initial })
    line.expectEnd(4)
  }

  #readThread(line: Line): void {
    const name = line.rest
    if (name === '') line.report(1, 'expected the name of the thread, found the end')
    const problem = this.#check.thread(name)
    if (name !== '' && problem) line.reportFrom(1, problem)
    this.#drafts.push({ name, heading: line, statements: [], lines: [], broken: false })
  }

  #readStatement(line: Line): void {
    const draft = this.#drafts.at(-1)
    const statement = readStatement(line, (name) => this.#check.isVariable(name))
    if (!draft) {
      if (statement) line.report(0, 'a statement stands below a line such as "thread A"')
      return
    }
    const problem = statement && this.#check.statement(statement)
    if (problem) line.reportFrom(0, problem)
    if (!statement || problem) {
      draft.broken = true
      return
    }
    draft.statements.push(statement)
    draft.lines.push(line.number)
  }

  #inThread(line: Line, word: string): boolean {
    if (this.#drafts.length === 0) return false
    line.report(0, `"${word}" stands above the first thread`)
    return true
  }
}
