/** Collapsed stacks, read back as flamegraph.pl reads them. */

import { expect, test } from 'vitest'
import { collapsedStacks } from './collapsed'
import { nothing, recordingOf, strangeNames, strangers, threeInARow } from './testing/stories'

/** A line's last word is its count; what stands before it is a stack. */
function read(text: string): (readonly [stack: readonly string[], count: number])[] {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line does not end')
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [, stack = '', count] = line.match(/^(.+) (\d+)$/) ?? []
      if (count === undefined) throw new Error(`no stack: ${line}`)
      return [stack.split(';'), Number(count)]
    })
}

test('delays in microseconds, by who stood in the way', () => {
  expect(read(collapsedStacks(threeInARow))).toEqual([
    [['checkout (https://shop.test/cart.js:10:5)', 'cart (exclusive)'], 3000],
    [['sync@https://shop.test/worker.js:20:9', 'cart (exclusive)'], 7000],
  ])
})

test('or by who waited', () => {
  expect(read(collapsedStacks(threeInARow, { charged: 'waiter' }))).toEqual([
    [['sync@https://shop.test/worker.js:20:9', 'cart (exclusive)'], 3000],
    [['https://shop.test/admin.js:30:1', 'cart (exclusive)'], 7000],
  ])
})

test('equal stacks are one, what took no time is none, and without a site the lock stands alone', () => {
  const row = { charged: 'releaser', lock: 'l', mode: 'shared', contentions: 1 } as const
  const contention = [
    { ...row, delay: 0.0004 },
    { ...row, delay: 0.0004 },
    { ...row, lock: 'm', delay: 0.0004 },
  ]
  expect(read(collapsedStacks(recordingOf({ contention })))).toEqual([[['l (shared)'], 1]])
})

test('names may be anything, and stay apart', () => {
  const stacks = read(collapsedStacks(strangers))
  expect(stacks.map(([stack]) => stack.length)).toEqual(strangeNames.map(() => 2))
  expect(stacks.map(([, count]) => count)).toEqual(
    strangeNames.map((_, index) => (index + 1) * 1000),
  )
  expect(stacks.slice(0, 3).map(([stack]) => stack[1])).toEqual([
    'a%3Bb (shared)',
    'a%253Bb (shared)',
    'two%0Alines%0D%0A (shared)',
  ])
})

test('an empty recording is an empty text; what is none is refused', () => {
  expect(collapsedStacks(nothing)).toBe('')
  expect(() => collapsedStacks({} as never)).toThrow(TypeError)
  expect(() => collapsedStacks(nothing, { charged: 'nobody' as never })).toThrow(TypeError)
})
