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
  type Release,
  type Statement,
  type Value,
  type Variable,
} from './program'
import { ProgramCheck, programTitleProblem } from './program-limits'
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

interface Word {
  readonly text: string
  /** From 1. */
  readonly column: number
}

/** A line that is being read. */
interface Line {
  readonly number: number
  readonly words: readonly Word[]
  /** Column just behind the last word. */
  readonly end: number
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
    const code = source.replace(/#.*$/s, '')
    const words = [...code.matchAll(/\S+/g)].map((match) => ({
      text: match[0],
      column: match.index + 1,
    }))
    const [first] = words
    if (!first) return
    const line: Line = { number, words, end: code.trimEnd().length + 1 }
    const keyword = first.text.toLowerCase()
    if (keyword === 'title') this.#readTitle(line, code)
    else if (keyword === 'policy') this.#readPolicy(line)
    else if (keyword === 'var') this.#readVariable(line)
    else if (keyword === 'thread') this.#readThread(line, code)
    else this.#readStatement(line)
  }

  end(): ProgramParseResult {
    for (const { heading, statements, broken, name } of this.#drafts) {
      if (statements.length > 0 || broken) continue
      this.#report(heading, 0, `thread ${name} has no statement yet: write one such as "lock a"`)
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

  #readTitle(line: Line, code: string): void {
    const title = rest(line, code)
    if (this.#inThread(line, 'title')) return
    if (this.#title !== undefined) this.#report(line, 0, 'the program has a title already')
    const problem = programTitleProblem(title)
    if (problem) this.#report(line, 1, `the title ${problem}`)
    this.#title = title
  }

  #readPolicy(line: Line): void {
    const policy = line.words[1]?.text.toLowerCase()
    if (this.#inThread(line, 'policy')) return
    if (this.#policy !== undefined) this.#report(line, 0, 'the program has a policy already')
    if (policy === 'go' || policy === 'fifo') {
      this.#policy = policy
      this.#expectEnd(line, 2)
    } else {
      this.#report(line, 1, `expected "go" or "fifo", found ${found(line, 1)}`)
    }
  }

  #readVariable(line: Line): void {
    const [, name, sign, value] = line.words
    if (this.#inThread(line, 'var')) return
    if (!name || sign?.text !== '=' || !value || !/^-?\d+$/.test(value.text)) {
      const place = !name ? 1 : sign?.text !== '=' ? 2 : 3
      this.#report(line, place, `expected "var hits = 0", found ${found(line, place)}`)
      return
    }
    const initial = whole(value.text)
    const problem = this.#check.variable(name.text, initial)
    if (problem) this.#report(line, 1, problem)
    else this.#variables.push({ name: name.text, initial })
    this.#expectEnd(line, 4)
  }

  #readThread(line: Line, code: string): void {
    const name = rest(line, code)
    if (name === '') this.#report(line, 1, 'expected the name of the thread, found the end')
    const problem = this.#check.thread(name)
    if (name !== '' && problem) this.#reportFrom(line, 1, problem)
    this.#drafts.push({ name, heading: line, statements: [], lines: [], broken: false })
  }

  #readStatement(line: Line): void {
    const draft = this.#drafts.at(-1)
    const statement = this.#statement(line)
    if (!draft) {
      if (statement) this.#report(line, 0, 'a statement stands below a line such as "thread A"')
      return
    }
    const problem = statement && this.#check.statement(statement)
    if (problem) this.#reportFrom(line, 0, problem)
    if (!statement || problem) {
      draft.broken = true
      return
    }
    draft.statements.push(statement)
    draft.lines.push(line.number)
  }

  #statement(line: Line): Statement | undefined {
    const { words } = line
    if (words[1]?.text === '=') return this.#assignment(line)
    switch (words[0]?.text.toLowerCase()) {
      case 'lock':
      case 'read':
      case 'write':
        return this.#named(line, 0)
      case 'unlock':
      case 'unread':
      case 'unwrite':
        return this.#release(line, 0)
      case 'defer':
        return this.#deferred(line)
      case 'all':
        if (words.length > 1) return { kind: 'all', locks: words.slice(1).map((each) => each.text) }
        this.#report(line, 1, 'expected the names of locks, found the end')
        return undefined
      case 'throw':
        return this.#expectEnd(line, 1) ? { kind: 'throw' } : undefined
      case 'sleep':
        return this.#sleep(line)
      default: {
        const known = 'lock, unlock, read, unread, write, unwrite, all, defer, throw, sleep'
        this.#report(line, 0, `expected a statement (${known}, n = x), found ${found(line, 0)}`)
        return undefined
      }
    }
  }

  /** `lock a` and its like, with its first word at `place`. */
  #named(line: Line, place: number): Statement | undefined {
    const kind = line.words[place]?.text.toLowerCase() as 'lock' | 'read' | 'write'
    const lock = line.words[place + 1]
    if (!lock) this.#report(line, place + 1, 'expected the name of a lock, found the end')
    if (!lock || !this.#expectEnd(line, place + 2)) return undefined
    return { kind, lock: lock.text }
  }

  #release(line: Line, place: number): Release | undefined {
    const kind = line.words[place]?.text.toLowerCase() as 'unlock' | 'unread' | 'unwrite'
    const lock = line.words[place + 1]
    if (!lock) this.#report(line, place + 1, 'expected the name of a lock, found the end')
    if (!lock || !this.#expectEnd(line, place + 2)) return undefined
    if (kind === 'unlock' && lock.text.toLowerCase() === 'all') return { kind: 'unlock-all' }
    return { kind, lock: lock.text }
  }

  #deferred(line: Line): Statement | undefined {
    if (!/^(unlock|unread|unwrite)$/i.test(line.words[1]?.text ?? '')) {
      const expected = 'expected "unlock", "unread" or "unwrite" after "defer"'
      this.#report(line, 1, `${expected}, found ${found(line, 1)}`)
      return undefined
    }
    const release = this.#release(line, 1)
    return release && { kind: 'defer', release }
  }

  #sleep(line: Line): Statement | undefined {
    const match = /^(\d+)(?:\.\.(\d+))?$/.exec(line.words[1]?.text ?? '')
    if (!match) {
      const expected = 'expected milliseconds such as 5 or 1..10'
      this.#report(line, 1, `${expected}, found ${found(line, 1)}`)
      return undefined
    }
    if (!this.#expectEnd(line, 2)) return undefined
    const [, from = '', to = from] = match
    return { kind: 'sleep', from: Number(from), to: Number(to) }
  }

  #assignment(line: Line): Statement | undefined {
    const [name, , first, sign, last] = line.words
    if (!name || !first) {
      this.#report(line, 2, 'expected a variable or a number, found the end')
      return undefined
    }
    const number = (text: string) => /^-?\d+$/.test(text)
    if (!this.#check.isVariable(name.text)) {
      if (number(first.text) || (sign && this.#check.isVariable(first.text))) {
        const what = `"${short(name.text)}" is no shared variable`
        this.#report(line, 0, `${what}: to store declare it, to load write "n = x" alone`)
        return undefined
      }
      if (!this.#expectEnd(line, 3)) return undefined
      return { kind: 'load', local: name.text, variable: first.text }
    }
    const variable = name.text
    if (number(first.text)) {
      if (!this.#expectEnd(line, 3)) return undefined
      return { kind: 'store', variable, value: { plus: whole(first.text) } }
    }
    if (!sign) return { kind: 'store', variable, value: { local: first.text, plus: 0 } }
    if (sign.text !== '+' && sign.text !== '-') {
      this.#report(line, 3, `expected + or -, found ${found(line, 3)}`)
      return undefined
    }
    if (!last || !/^\d+$/.test(last.text)) {
      this.#report(line, 4, `expected a number, found ${found(line, 4)}`)
      return undefined
    }
    if (!this.#expectEnd(line, 5)) return undefined
    const plus = whole(sign.text === '-' ? `-${last.text}` : last.text)
    return { kind: 'store', variable, value: { local: first.text, plus } }
  }

  #inThread(line: Line, word: string): boolean {
    if (this.#drafts.length === 0) return false
    this.#report(line, 0, `"${word}" stands above the first thread`)
    return true
  }

  #expectEnd(line: Line, place: number): boolean {
    if (!line.words[place]) return true
    this.#report(line, place, `expected the end of the line, found ${found(line, place)}`)
    return false
  }

  /** At the word of that place; where none is, at the character before, so that it can be seen. */
  #report(line: Line, place: number, message: string): void {
    const word = line.words[place]
    const column = word?.column ?? Math.max(1, line.end - 1)
    this.#add(line.number, column, word?.text.length ?? 1, message)
  }

  /** From the word of that place to the end of the line. */
  #reportFrom(line: Line, place: number, message: string): void {
    const column = line.words[place]?.column ?? 1
    this.#add(line.number, column, Math.max(1, line.end - column), message)
  }

  #add(line: number, column: number, length: number, message: string): void {
    const text = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`
    this.#errors.push({ line, column, length, message: text })
  }
}

/** What follows the first word. */
function rest({ words }: Line, code: string): string {
  const [first] = words
  return first ? code.slice(first.column - 1 + first.text.length).trim() : ''
}

/** Minus nothing is nothing. */
function whole(text: string): number {
  return Number(text) || 0
}

function found({ words }: Line, place: number): string {
  const word = words[place]
  return word ? `"${short(word.text)}"` : 'the end'
}

function short(text: string): string {
  return text.length > 30 ? `${text.slice(0, 29)}…` : text
}
