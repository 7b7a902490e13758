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

it('needs, and goes along with, only what comes before', () => {
  for (const [index, { needs = [], beside }] of suites.entries()) {
    const before = suites.slice(0, index).map(({ name }) => name)
    for (const each of beside === undefined ? needs : [...needs, beside]) {
      expect(before).toContain(each)
    }
  }
})

it('begins nothing beside another suite that would have to wait for a third', () => {
  for (const { beside, needs } of suites) {
    if (beside !== undefined) expect(needs).toBeUndefined()
  }
})
