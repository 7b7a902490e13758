/** Scenarios that did not come from text are held to the same limits. */

import { expect, test } from 'vitest'
import { catalogue } from './catalogue'
import { assertScenario } from './limits'
import type { Section } from './scenario'

const good: Section = { mode: 'read', at: 0, hold: 1 }
const one = (name: string, ...sections: readonly Section[]) => ({
  title: '',
  threads: [{ name, sections }],
})

test('the catalogue is within the limits', () => {
  for (const { scenario } of catalogue) expect(() => assertScenario(scenario)).not.toThrow()
})

test.each([
  ['a colon', one('a:b', good), /"a:b" has a colon/],
  ['an empty name', one('', good), /is empty/],
  ['a comment', one('// a', good), /like a comment/],
  ['half a character', one('a\ud83d', good), /half a character/],
  ['no section', one('a'), /a has no section/],
  ['NaN', one('a', { ...good, at: Number.NaN }), /a: at NaN/],
  ['infinity', one('a', { ...good, hold: Number.POSITIVE_INFINITY }), /hold Infinity/],
  ['a negative time', one('a', { ...good, at: -1 }), /at -1/],
  ['an empty section', one('a', { ...good, hold: 0 }), /hold 0/],
  ['out of order', one('a', { ...good, at: 5 }, { ...good, at: 4 }), /no earlier than 5/],
  ['too late', one('a', { ...good, at: 60_000 }), /later than 60000/],
  ['an unknown mode', one('a', { ...good, mode: 'steal' as 'read' }), /mode "steal"/],
  [
    'two of one name',
    { title: '', threads: [...one('a', good).threads, ...one('a', good).threads] },
    /two threads/,
  ],
  ['a title of two lines', { ...one('a', good), title: 'a\nb' }, /line break/],
])('%s', (_, scenario, why) => {
  expect(() => assertScenario(scenario)).toThrow(why)
})
