/** The catalogue can be read, and is written the same way throughout. */

import { expect, test } from 'vitest'
import { parseProgram } from './program-text'
import { dining, philosophers, programCases } from './programs'
import { parsed } from './testing/parsed'

test.each(programCases)('$id can be read, broken and fixed', (each) => {
  const texts = [each.broken, each.fixed, ...(each.otherFix ? [each.otherFix.text] : [])]
  const programs = texts.map(parsed)
  expect(new Set(programs.map(({ title }) => title)).size).toBe(texts.length)
  expect(each.cause.match(/[.:?](?= |$)/g)?.length).toBeGreaterThanOrEqual(2)
})

test('no two have one id', () => {
  expect(new Set(programCases.map(({ id }) => id)).size).toBe(programCases.length)
})

test('any number of philosophers from 2 to 7', () => {
  for (let count = philosophers.least; count <= philosophers.most; count++) {
    for (const manner of ['left first', 'in order', 'all at once'] as const) {
      expect(parsed(dining(count, manner)).threads).toHaveLength(count)
    }
  }
  for (const count of [1, 8, 2.5, Number.NaN]) {
    expect(() => dining(count, 'left first')).toThrow(`from 2 to 7, got ${count}`)
  }
})

test('with forks in order nobody takes the higher one first', () => {
  const result = parseProgram(dining(3, 'in order'))
  const forks = result.kind === 'ok' ? result.program.threads.at(-1)?.statements : []
  expect(forks?.[0]).toEqual({ kind: 'lock', lock: 'fork1' })
})
