/** Slices of one lane nest or follow each other. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Box, layOut } from './lanes'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`lanes.test.ts: SEED=${seed}`)

let places = 0
const box = (start: number, end: number, owner: string, inner = start, lock = `${start}`): Box => ({
  ...{ start, end, owner, inner, lock, place: places++ },
})

test('what overlaps gets lanes of its own, what follows goes on', () => {
  expect(layOut([box(0, 4, 'a'), box(1, 9, 'b'), box(4, 5, 'c'), box(5, 10, 'd')])).toEqual([
    0, 1, 0, 0,
  ])
})

test('a task holds one lock inside another; others do not, nor itself while it waits', () => {
  expect(layOut([box(0, 9, 'a'), box(1, 5, 'a'), box(2, 4, 'b'), box(5, 8, 'a')])).toEqual([
    0, 0, 1, 0,
  ])
  expect(layOut([box(0, 9, 'a', 3), box(2, 5, 'a')])).toEqual([0, 1])
})

test('two tasks of one name that hold one lock lie beside each other', () => {
  expect(layOut([box(0, 9, 'a', 0, 'l'), box(1, 5, 'a', 1, 'l')])).toEqual([0, 1])
})

test('boxes of one lane never overlap otherwise', () => {
  const boxes = fc.array(
    fc.tuple(
      fc.nat(30),
      fc.nat(10),
      fc.nat(10),
      fc.constantFrom('a', 'b'),
      fc.constantFrom('l', 'm'),
    ),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(boxes, (drawn) => {
      const sorted = drawn
        .map(([start, wait, hold, owner, lock]) => {
          return box(start, start + wait + hold, owner, start + wait, lock)
        })
        .sort((a, b) => a.start - b.start || a.place - b.place)
      const lanes = layOut(sorted)
      for (const [i, a] of sorted.entries()) {
        for (const [j, b] of sorted.entries()) {
          if (j <= i || lanes[i] !== lanes[j] || a.end <= b.start) continue
          expect(b.end).toBeLessThanOrEqual(a.end)
          expect(b.start).toBeGreaterThanOrEqual(a.inner)
          expect(b.place).toBeGreaterThan(a.place)
          expect([b.owner, b.lock === a.lock]).toEqual([a.owner, false])
        }
      }
    }),
    { seed, numRuns: 500 },
  )
})
