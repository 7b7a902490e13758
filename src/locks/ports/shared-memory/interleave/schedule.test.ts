/** A printed schedule is the schedule. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { action, formatSchedule, parseSchedule } from './schedule'

const anyAction = fc
  .tuple(fc.constantFrom(action.run, action.kill, action.timeout), fc.nat(3))
  .map(([make, thread]) => make(thread))

test('what is printed is read again', () => {
  fc.assert(
    fc.property(fc.array(anyAction), (actions) => {
      expect(parseSchedule(formatSchedule(actions))).toEqual(actions)
    }),
  )
})

test('runs of one action are short', () => {
  const { run, kill, timeout } = action
  expect(formatSchedule([run(0), run(0), run(1), kill(0), timeout(2)])).toBe('0x2.1.k0.t2')
})

test('anything else is refused', () => {
  expect(() => parseSchedule('0x2.q1')).toThrow("No schedule: 'q1'")
})
