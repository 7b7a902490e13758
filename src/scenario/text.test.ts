/** The text form: what is printed reads back as itself, and every error names its place. */

import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { limits, nameProblem, titleProblem } from './limits'
import type { Scenario, Section } from './scenario'
import { parseScenario, printScenario } from './text'

// Hundreds of texts each: seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const section: fc.Arbitrary<Section> = fc.record({
  mode: fc.constantFrom('read' as const, 'write' as const),
  at: fc.nat({ max: 30_000 }),
  hold: fc.integer({ min: 1, max: 30_000 }),
})

const line = (max: number) =>
  fc
    .string({ unit: 'grapheme', maxLength: max })
    .map((text) => text.replaceAll(/[\n\r\u2028\u2029]/g, '').trim())
    .filter((text) => titleProblem(text) === undefined && text.length <= max)

const scenario: fc.Arbitrary<Scenario> = fc.record({
  title: line(limits.title),
  threads: fc.uniqueArray(
    fc.record({
      name: line(limits.name).filter((name) => nameProblem(name) === undefined),
      sections: fc
        .array(section, { minLength: 1, maxLength: 4 })
        .map((list) => list.toSorted((a, b) => a.at - b.at)),
    }),
    { minLength: 1, maxLength: limits.threads, selector: (thread) => thread.name },
  ),
})

test('what is printed reads back as itself', () => {
  fc.assert(
    fc.property(scenario, (value) => {
      expect(parseScenario(printScenario(value))).toEqual({ kind: 'ok', scenario: value })
    }),
    { verbose: true },
  )
})

test('any text is either a scenario or has errors inside it', () => {
  const words = ['Reader 1', ':', 'read', 'write', 'at', 'for', '1s', '2ms', '-3s', ',', '\n', '#']
  const near = fc.array(fc.constantFrom(...words, ' ', 'x'), { maxLength: 40 })
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        near.map((list) => list.join(' ')),
      ),
      (text) => {
        const result = parseScenario(text)
        if (result.kind === 'ok') return
        const lines = text.split(/\r\n|[\n\r\u2028\u2029]/)
        expect(result.errors.length).toBeGreaterThan(0)
        for (const { line, column, length, message } of result.errors) {
          const source = lines[line - 1]
          expect(source).toBeDefined()
          expect(column).toBeGreaterThanOrEqual(1)
          expect(column + length - 1).toBeLessThanOrEqual(Math.max(1, source?.length ?? 0))
          expect(message).toMatch(/^[^a-z].*\.$/s)
        }
      },
    ),
    { verbose: true, numRuns: 500 },
  )
})

test('titles, comments, blank lines and spaces', () => {
  const text =
    '\n  #  Two of them \r\n// a comment\n# another\n\n  A b : READ at 1.25s for 500ms \n'
  expect(parseScenario(text)).toStrictEqual({
    kind: 'ok',
    scenario: {
      title: 'Two of them',
      threads: [{ name: 'A b', sections: [{ mode: 'read', at: 1250, hold: 500 }] }],
    },
  })
  expect(parseScenario('A: read at 0s for 1ms\n# late')).toMatchObject({ scenario: { title: '' } })
})

describe('errors', () => {
  const table: [text: string, line: number, column: number, length: number, message: string][] = [
    ['', 1, 1, 1, 'There is no thread yet: write a line such as "Reader 1: read at 1s for 3s".'],
    ['Reader 1', 1, 1, 8, 'Expected a thread\'s name and a colon, found "Reader 1".'],
    [': read at 1s for 1s', 1, 1, 1, 'Expected a name before the colon, found nothing.'],
    [
      'A:',
      1,
      2,
      1,
      'Expected a section such as "read at 1s for 3s" after the colon, found nothing.',
    ],
    ['A: raed at 1s for 1s', 1, 4, 4, 'Expected "read" or "write", found "raed".'],
    ['A: read 1s', 1, 9, 2, 'Expected "at" and a time, found "1s".'],
    ['A: read at', 1, 10, 1, 'Expected a time such as 500ms or 1.5s, found the end.'],
    ['A: read at 1s', 1, 13, 1, 'Expected "for" and a time, found the end.'],
    ['A: read at 1 for 1s', 1, 12, 1, '1 has no unit: write 1s or 1ms.'],
    ['A: read at -1s for 1s', 1, 12, 3, 'A time cannot be negative, found "-1s".'],
    ['A: read at NaN for 1s', 1, 12, 3, 'Expected a time such as 500ms or 1.5s, found "NaN".'],
    ['A: read at 1.0005s for 1s', 1, 12, 7, '1.0005s is finer than a millisecond.'],
    ['A: read at 1s for 0s', 1, 19, 2, 'A section lasts at least 1ms.'],
    ['A: read at 61s for 1s', 1, 12, 3, '61s goes beyond 60s, where a scenario ends.'],
    ['A: read at 59s for 2s', 1, 20, 2, '2s goes beyond 60s, where a scenario ends.'],
    ['A: read at 1s for 1s x', 1, 22, 1, 'Expected a comma or the end of the line, found "x".'],
    ['A: read at 1s for 1s,', 1, 21, 1, 'Expected "read" or "write", found nothing.'],
    [
      'A: read at 2s for 1s, write at 1s for 1s',
      1,
      29,
      2,
      "A thread's sections stand in the order of their times, but 1s comes before 2s.",
    ],
    [
      'A: read at 1s for 1s\nB: read at 1s for 1s\n A: read at 1s for 1s',
      3,
      2,
      1,
      '"A" is already the thread of line 1; names must differ.',
    ],
  ]
  test.each(table)('%j', (text, line, column, length, message) => {
    expect(parseScenario(text)).toStrictEqual({
      kind: 'broken',
      errors: [{ line, column, length, message }],
    })
  })

  test('are all told at once, in the order of the text', () => {
    const text = 'A: raed at 1s for 1s, read at x for 1s\nB\nC: write at 1s for -2s'
    const result = parseScenario(text)
    expect(result.kind === 'broken' && result.errors.map((e) => [e.line, e.column])).toStrictEqual([
      [1, 4],
      [1, 31],
      [2, 1],
      [3, 20],
    ])
  })

  test('name the limits', () => {
    const row = (name: string, count: number) =>
      `${name}: ${Array.from({ length: count }, () => 'read at 1s for 1s').join(', ')}`
    const messages = (text: string) => {
      const result = parseScenario(text)
      return result.kind === 'broken' ? result.errors.map((error) => error.message) : []
    }
    const many = Array.from({ length: 13 }, (_, index) => row(`T${index}`, 1)).join('\n')
    expect(messages(many)).toStrictEqual(['At most 12 threads can be played.'])
    expect(messages(row('A', 51))).toStrictEqual(['At most 50 sections in all can be played.'])
    expect(messages(row('A'.repeat(41), 1))[0]).toContain('is longer than 40 characters')
    expect(messages(`# ${'t'.repeat(121)}\n${row('A', 1)}`)[0]).toContain('120 characters')
    expect(messages('x'.repeat(20_001))[0]).toContain('at most 20000 are read')
  })
})
