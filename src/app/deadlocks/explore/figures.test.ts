import { expect, it } from 'vitest'
import { countText, percentText, plural } from './figures'

it.each([
  [0n, '0'],
  [1234n, '1,234'],
  [999_999_999_999_999n, '999,999,999,999,999'],
  [1_234_567_890_123_456_789n, '1.2 × 10¹⁸'],
])('writes %s as %s', (count, text) => {
  expect(countText(count)).toBe(text)
})

it.each([
  [0, '0 %'],
  [1, '100 %'],
  [0.00001, '< 0.01 %'],
  [0.999999, '> 99.99 %'],
  [0.00543, '0.54 %'],
  [0.3333, '33.3 %'],
  [0.9954, '99.54 %'],
])('writes %s as %s', (share, text) => {
  expect(percentText(share)).toBe(text.replaceAll(' ', '\u00a0'))
})

it('counts one of a kind', () => {
  expect(plural(1n, 'schedule')).toBe('1 schedule')
  expect(plural(20, 'step')).toBe('20 steps')
})
