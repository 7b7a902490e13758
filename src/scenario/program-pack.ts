/**
 * A program as few characters that are safe in an address, and back. As with scenarios, the
 * work is linear in the length, and what does not read back as itself is refused.
 *
 * The packed text is the title, a line with the policy and the variables, then a line for each
 * thread, `name:La,Lb,Ub,Ua`, a letter for each kind of statement; as UTF-8 in the URL-safe
 * alphabet of base 64.
 */

import { packText, unpackText } from './packed-text'
import type { LockStatementKind, Program, Release, Statement } from './program'
import { assertProgram } from './program-limits'

export function packProgram({ title, policy, variables, threads }: Program): string {
  const head = [policy, ...variables.map(({ name, initial }) => `${name}.${initial}`)].join(',')
  const lines = threads.map(({ name, statements }) => {
    return `${name}:${statements.map(packStatement).join(',')}`
  })
  return packText([title, head, ...lines].join('\n'))
}

/** `undefined` for whatever `packProgram` does not make. */
export function unpackProgram(packed: string): Program | undefined {
  try {
    const [title = '', head = '', ...lines] = unpackText(packed).split('\n')
    const [policy = '', ...variables] = head.split(',')
    if (policy !== 'go' && policy !== 'fifo') return undefined
    const program: Program = {
      title,
      policy,
      variables: variables.map((each) => {
        const [name = '', initial = ''] = each.split('.')
        return { name, initial: Number(initial) }
      }),
      threads: lines.map((line) => {
        const [name = '', statements = ''] = line.split(':')
        return { name, statements: statements.split(',').map(unpackStatement) }
      }),
    }
    assertProgram(program)
    return packProgram(program) === packed ? program : undefined
  } catch {
    return undefined
  }
}

const letters: Readonly<Record<LockStatementKind, string>> = {
  lock: 'L',
  unlock: 'U',
  read: 'R',
  unread: 'r',
  write: 'W',
  unwrite: 'w',
}

function packStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'all':
      return `A${statement.locks.join('.')}`
    case 'unlock-all':
      return 'u'
    case 'load':
      return `G${statement.local}.${statement.variable}`
    case 'store':
      return `P${statement.variable}.${statement.value.local ?? ''}.${statement.value.plus}`
    case 'defer':
      return `D${packStatement(statement.release)}`
    case 'throw':
      return 'T'
    case 'sleep':
      return `S${statement.from}.${statement.to}`
    default:
      return `${letters[statement.kind]}${statement.lock}`
  }
}

function unpackStatement(text: string): Statement {
  const letter = text.charAt(0)
  const [first = '', second = '', third = ''] = text.slice(1).split('.')
  switch (letter) {
    case 'A':
      return { kind: 'all', locks: text.slice(1).split('.') }
    case 'G':
      return { kind: 'load', local: first, variable: second }
    case 'P': {
      const value = second === '' ? {} : { local: second }
      return { kind: 'store', variable: first, value: { ...value, plus: Number(third) } }
    }
    case 'D':
      return { kind: 'defer', release: unpackRelease(text.slice(1)) }
    case 'T':
      return { kind: 'throw' }
    case 'S':
      return { kind: 'sleep', from: Number(first), to: Number(second) }
    case 'L':
      return { kind: 'lock', lock: first }
    case 'R':
      return { kind: 'read', lock: first }
    case 'W':
      return { kind: 'write', lock: first }
    default:
      return unpackRelease(text)
  }
}

function unpackRelease(text: string): Release {
  const lock = text.slice(1)
  if (text === 'u') return { kind: 'unlock-all' }
  if (text.startsWith('U')) return { kind: 'unlock', lock }
  if (text.startsWith('r')) return { kind: 'unread', lock }
  if (text.startsWith('w')) return { kind: 'unwrite', lock }
  throw new RangeError(`not a packed statement: ${text}`)
}
