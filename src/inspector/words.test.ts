import { expect, it } from 'vitest'
import { within } from './place'
import { duration, plural, ticking, warning } from './words'

it.each([
  [0.4, '0 ms'],
  [-3, '0 ms'],
  [999, '999 ms'],
  [1000, '1.0 s'],
  [59_900, '59.9 s'],
  [61_000, '1 min 1 s'],
  [3_660_000, '1 h 1 min'],
])('%d ms is %s', (ms, words) => {
  expect(duration(ms)).toBe(words)
})

it('ticks by tenths', () => {
  expect([ticking(40), ticking(160), ticking(2345)]).toEqual(['0.0 s', '0.2 s', '2.3 s'])
})

it('counts', () => {
  expect([plural(1, 'lock'), plural(1200, 'lock')]).toEqual(['1 lock', '1,200 locks'])
})

it('says who waits for whom in a deadlock', () => {
  const base = { time: 0, agent: 'a', request: 'r', mode: 'exclusive' } as const
  const party = { agent: 'a', mode: 'exclusive', behind: 'holder', for: 1 } as const
  const cycle = [
    { ...party, task: 'one', lock: 'b' },
    { ...party, task: 'two', lock: 'a' },
  ]
  const event = { ...base, type: 'deadlock', task: 'one', lock: 'b', cycle } as const
  expect(warning(event)).toBe(
    'Deadlock of 2, of which one was rejected: one waits for b, held by two; two waits for a, held by one.',
  )
  expect(warning({ ...base, type: 'timeout', task: 'one', lock: 'b' })).toBeUndefined()
})

it('keeps what is moved in sight, its upper left corner before all', () => {
  const view = { width: 1000, height: 500 }
  const box = { width: 300, height: 200 }
  expect(within({ x: 900, y: -20 }, box, view)).toEqual({ x: 700, y: 0 })
  expect(within({ x: 10, y: 10 }, { width: 2000, height: 900 }, view)).toEqual({ x: 0, y: 0 })
})
