import { expect, it } from 'vitest'
import { chosen, suites } from './suites'

const names = (only: readonly string[]) => chosen(suites, only).map(({ name }) => name)

it('keeps the order and adds what a suite needs', () => {
  expect(names(['unit', 'format'])).toEqual(['format', 'unit'])
  expect(names(['browser'])).toEqual(['build', 'browser'])
})

it('refuses a name that is no suite', () => {
  expect(() => names(['units'])).toThrow('no suite units: there are format, lint')
})

it('needs only what comes before', () => {
  for (const [index, { needs = [] }] of suites.entries()) {
    const before = suites.slice(0, index).map(({ name }) => name)
    for (const need of needs) expect(before).toContain(need)
  }
})
