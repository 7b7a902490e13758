/** The text form of programs: what is printed reads back, and every error names its place. */

import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { programLimits } from './program-limits'
import { parseProgram, printProgram } from './program-text'
import { anyProgram } from './testing/any-program'

// Hundreds of texts each: seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const errorsOf = (text: string) => {
  const result = parseProgram(text)
  return result.kind === 'broken' ? result.errors : []
}

test('what is printed reads back as itself', () => {
  fc.assert(
    fc.property(anyProgram, (program) => {
      expect(parseProgram(printProgram(program))).toMatchObject({ kind: 'ok', program })
    }),
    { verbose: true },
  )
})

test('any text is either a program or has errors inside it', () => {
  const words = ['thread', 'A', 'lock', 'a', 'unlock', 'all', 'var', 'hits', '=', '+', '1', '-']
  const more = [
    '\n',
    '\n',
    'read',
    'defer',
    'sleep',
    '1..10',
    'throw',
    '#',
    'title',
    'policy',
    'go',
  ]
  const near = fc.array(fc.constantFrom(...words, ...more), { maxLength: 60 })
  const texts = fc.oneof(
    fc.string(),
    near.map((list) => list.join(' ')),
  )
  fc.assert(
    fc.property(texts, (text) => {
      const result = parseProgram(text)
      if (result.kind === 'ok') {
        expect(parseProgram(printProgram(result.program))).toMatchObject({
          program: result.program,
        })
        return
      }
      const lines = text.split(/\r\n|[\n\r\u2028\u2029]/)
      expect(result.errors.length).toBeGreaterThan(0)
      for (const { line, column, length, message } of result.errors) {
        const source = lines[line - 1]
        expect(source).toBeDefined()
        expect(column).toBeGreaterThanOrEqual(1)
        expect(column + length - 1).toBeLessThanOrEqual(Math.max(1, source?.length ?? 0))
        expect(message).toMatch(/^[^a-z].*\.$/s)
      }
    }),
    { verbose: true, numRuns: 500 },
  )
})

test('every statement, comments, spaces and where each one stands', () => {
  const text = `# a comment
title  Every statement # another

POLICY fifo
var hits = -3
thread  A 1
  Lock a   # why
  unlock a
  read rw
  unread rw
  write rw

  unwrite rw
thread B
  n = hits
  hits = n
  hits = n + 2
  hits = n - 2
  hits = -7
  all b a
  defer unlock all
  defer unread rw
  unlock All
  sleep 5
  sleep 1..10
  throw`
  const result = parseProgram(text)
  expect(result).toStrictEqual({
    kind: 'ok',
    program: {
      title: 'Every statement',
      policy: 'fifo',
      variables: [{ name: 'hits', initial: -3 }],
      threads: [
        {
          name: 'A 1',
          statements: [
            { kind: 'lock', lock: 'a' },
            { kind: 'unlock', lock: 'a' },
            { kind: 'read', lock: 'rw' },
            { kind: 'unread', lock: 'rw' },
            { kind: 'write', lock: 'rw' },
            { kind: 'unwrite', lock: 'rw' },
          ],
        },
        {
          name: 'B',
          statements: [
            { kind: 'load', local: 'n', variable: 'hits' },
            { kind: 'store', variable: 'hits', value: { local: 'n', plus: 0 } },
            { kind: 'store', variable: 'hits', value: { local: 'n', plus: 2 } },
            { kind: 'store', variable: 'hits', value: { local: 'n', plus: -2 } },
            { kind: 'store', variable: 'hits', value: { plus: -7 } },
            { kind: 'all', locks: ['b', 'a'] },
            { kind: 'defer', release: { kind: 'unlock-all' } },
            { kind: 'defer', release: { kind: 'unread', lock: 'rw' } },
            { kind: 'unlock-all' },
            { kind: 'sleep', from: 5, to: 5 },
            { kind: 'sleep', from: 1, to: 10 },
            { kind: 'throw' },
          ],
        },
      ],
    },
    lines: [
      { heading: 6, statements: [7, 8, 9, 10, 11, 13] },
      { heading: 14, statements: [15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26] },
    ],
  })
})

describe('errors', () => {
  const table: [text: string, line: number, column: number, length: number, message: RegExp][] = [
    ['', 1, 1, 1, /^There is no thread yet/],
    ['thread A', 1, 1, 6, /^Thread A has no statement yet/],
    ['lock a', 1, 1, 4, /below a line such as "thread A"/],
    ['thread\n lock a', 1, 6, 1, /^Expected the name of the thread, found the end\.$/],
    ['thread A\n lokc a', 2, 2, 4, /found "lokc"\.$/],
    ['thread A\n lock', 2, 5, 1, /name of a lock, found the end/],
    ['thread A\n lock a b', 2, 9, 1, /end of the line, found "b"/],
    ['thread A\n lock 1a', 2, 2, 7, /"1a" is not made of letters/],
    ['thread A\n lock all', 2, 2, 8, /"all" is a word of the language/],
    ['thread A\n lock a\n read a', 3, 2, 6, /"a" is a mutex above and cannot be a reader-writer/],
    ['thread A\n all', 2, 4, 1, /names of locks/],
    ['thread A\n all a b a', 2, 2, 9, /^"a" is named twice\.$/],
    ['thread A\n defer lock a', 2, 8, 4, /after "defer", found "lock"/],
    ['thread A\n sleep -3', 2, 8, 2, /milliseconds such as 5 or 1\.\.10, found "-3"/],
    ['thread A\n sleep 10..1', 2, 2, 11, /cannot end before it, at 1/],
    ['thread A\n sleep 10001', 2, 2, 11, /from 0 to 10000, found 10001/],
    ['thread A\n throw up', 2, 8, 2, /end of the line/],
    ['thread A\n n = hits', 2, 2, 8, /"hits" is not declared: write "var hits = 0"/],
    ['thread A\n n = 3', 2, 2, 1, /"n" is no shared variable/],
    ['var x = 0\nthread A\n x = n + 1', 3, 2, 9, /"n" has no value yet/],
    ['var x = 0\nthread A\n x = x + 1', 3, 2, 9, /"x" is shared: load it first/],
    ['var x = 0\nthread A\n n = x\n x = n * 2', 4, 8, 1, /expected \+ or -, found "\*"/i],
    ['var x = 0\nthread A\n n = x\n x = n +', 4, 8, 1, /a number, found the end/],
    ['var x = 0\nthread A\n lock x', 3, 2, 6, /"x" is a variable, not a lock/],
    ['var x = 0\nvar x = 1\nthread A\n throw', 2, 5, 1, /"x" is declared twice/],
    ['var x = 10000\nthread A\n throw', 1, 5, 1, /10000 is not a whole number from -9999/],
    ['var x 0\nthread A\n throw', 1, 7, 1, /expected "var hits = 0", found "0"/i],
    ['thread A\n throw\nvar x = 0', 3, 1, 3, /"var" stands above the first thread/],
    ['policy lifo\nthread A\n throw', 1, 8, 4, /"go" or "fifo", found "lifo"/],
    ['policy go\npolicy go\nthread A\n throw', 2, 1, 6, /policy already/],
    ['title a\ntitle b\nthread A\n throw', 2, 1, 5, /title already/],
    ['thread A\n throw\nthread A\n throw', 3, 8, 1, /"A" is already a thread/],
    ['thread a:b\n throw', 1, 8, 3, /has a colon/],
  ]
  test.each(table)('%j', (text, line, column, length, message) => {
    const errors = errorsOf(text)
    expect(errors[0]).toMatchObject({ line, column, length })
    expect(errors[0]?.message).toMatch(message)
    expect(errors).toHaveLength(1)
  })

  test('are all told at once, in the order of the text', () => {
    const errors = errorsOf('policy x\nthread A\n lock\n what\nthread A\n throw 1')
    expect(errors.map(({ line, column }) => [line, column])).toStrictEqual([
      [1, 8],
      [3, 5],
      [4, 2],
      [5, 8],
      [6, 8],
    ])
  })

  test('name the limits', () => {
    const { threads, statements, locks, variables } = programLimits
    const many = (count: number, line: (index: number) => string) =>
      Array.from({ length: count }, (_, index) => line(index)).join('\n')
    const first = (text: string) => errorsOf(text)[0]?.message
    expect(first(many(threads + 1, (x) => `thread T${x}\nthrow`))).toMatch(/At most 8 threads/)
    expect(first(`thread A\n${many(statements + 1, () => 'throw')}`)).toMatch(/at most 40 stat/)
    expect(first(`thread A\n${many(locks + 1, (x) => `lock a${x}`)}`)).toMatch(/At most 12 locks/)
    const variable = many(variables + 1, (x) => `var v${x} = 0`)
    expect(first(`${variable}\nthread A\nthrow`)).toMatch(/At most 8 variables/)
    expect(first(`thread ${'A'.repeat(17)}\nthrow`)).toMatch(/longer than 16 characters/)
    expect(first(`thread A\nlock ${'a'.repeat(17)}`)).toMatch(/longer than 16 characters/)
    expect(first('x'.repeat(80_001))).toMatch(/at most 80000 are read/)
  })
})
