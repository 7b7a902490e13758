/** Reads one line as a statement of a thread. */

import type { Release, Statement } from './program'
import { type Line, short, whole } from './program-line'

/** Whether a name is that of a shared variable. */
type IsShared = (name: string) => boolean

/** `undefined` once it has reported what is wrong. */
export function readStatement(line: Line, isShared: IsShared): Statement | undefined {
  const { words } = line
  if (words[1]?.text === '=') return assignment(line, isShared)
  switch (words[0]?.text.toLowerCase()) {
    case 'lock':
    case 'read':
    case 'write':
      return taking(line)
    case 'unlock':
    case 'unread':
    case 'unwrite':
      return release(line, 0)
    case 'defer':
      return deferred(line)
    case 'all':
      if (words.length > 1) return { kind: 'all', locks: words.slice(1).map((each) => each.text) }
      line.report(1, 'expected the names of locks, found the end')
      return undefined
    case 'throw':
      return line.expectEnd(1) ? { kind: 'throw' } : undefined
    case 'sleep':
      return sleep(line)
    default: {
      const known = 'lock, unlock, read, unread, write, unwrite, all, defer, throw, sleep'
      line.report(0, `expected a statement (${known}, n = x), found ${line.found(0)}`)
      return undefined
    }
  }
}

function taking(line: Line): Statement | undefined {
  const kind = line.words[0]?.text.toLowerCase() as 'lock' | 'read' | 'write'
  const lock = line.words[1]
  if (!lock) line.report(1, 'expected the name of a lock, found the end')
  if (!lock || !line.expectEnd(2)) return undefined
  return { kind, lock: lock.text }
}

/** `unlock a` and its like, with its first word at `place`. */
function release(line: Line, place: number): Release | undefined {
  const kind = line.words[place]?.text.toLowerCase() as 'unlock' | 'unread' | 'unwrite'
  const lock = line.words[place + 1]
  if (!lock) line.report(place + 1, 'expected the name of a lock, found the end')
  if (!lock || !line.expectEnd(place + 2)) return undefined
  if (kind === 'unlock' && lock.text.toLowerCase() === 'all') return { kind: 'unlock-all' }
  return { kind, lock: lock.text }
}

function deferred(line: Line): Statement | undefined {
  if (!/^(unlock|unread|unwrite)$/i.test(line.words[1]?.text ?? '')) {
    const expected = 'expected "unlock", "unread" or "unwrite" after "defer"'
    line.report(1, `${expected}, found ${line.found(1)}`)
    return undefined
  }
  const after = release(line, 1)
  return after && { kind: 'defer', release: after }
}

function sleep(line: Line): Statement | undefined {
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(line.words[1]?.text ?? '')
  if (!match) {
    const expected = 'expected milliseconds such as 5 or 1..10'
    line.report(1, `${expected}, found ${line.found(1)}`)
    return undefined
  }
  if (!line.expectEnd(2)) return undefined
  const [, from = '', to = from] = match
  return { kind: 'sleep', from: Number(from), to: Number(to) }
}

function assignment(line: Line, isShared: IsShared): Statement | undefined {
  const [name, , first, sign, last] = line.words
  if (!name || !first) {
    line.report(2, 'expected a variable or a number, found the end')
    return undefined
  }
  const number = (text: string) => /^-?\d+$/.test(text)
  if (!isShared(name.text)) {
    if (number(first.text) || (sign && isShared(first.text))) {
      const what = `"${short(name.text)}" is no shared variable`
      line.report(0, `${what}: to store declare it, to load write "n = x" alone`)
      return undefined
    }
    if (!line.expectEnd(3)) return undefined
    return { kind: 'load', local: name.text, variable: first.text }
  }
  const variable = name.text
  if (number(first.text)) {
    if (!line.expectEnd(3)) return undefined
    return { kind: 'store', variable, value: { plus: whole(first.text) } }
  }
  if (!sign) return { kind: 'store', variable, value: { local: first.text, plus: 0 } }
  if (sign.text !== '+' && sign.text !== '-') {
    line.report(3, `expected + or -, found ${line.found(3)}`)
    return undefined
  }
  if (!last || !/^\d+$/.test(last.text)) {
    line.report(4, `expected a number, found ${line.found(4)}`)
    return undefined
  }
  if (!line.expectEnd(5)) return undefined
  const plus = whole(sign.text === '-' ? `-${last.text}` : last.text)
  return { kind: 'store', variable, value: { local: first.text, plus } }
}
