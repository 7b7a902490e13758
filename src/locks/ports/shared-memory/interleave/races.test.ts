/** Which accesses are in order, and which are races. */

import { beforeEach, expect, test } from 'vitest'
import { Races } from './races'

const races = Races.create(8)
const [data, latch] = [1, 2]
beforeEach(() => races.clear())

test('a latch puts plain writes in order', () => {
  races.atomic(0, latch, true)
  expect(races.write(0, data)).toBeUndefined()
  races.atomic(0, latch, true)
  races.atomic(1, latch, true)
  expect(races.read(1, data)).toBeUndefined()
  expect(races.write(1, data)).toBeUndefined()
})

test('two plain writes without one are a race', () => {
  races.write(0, data)
  expect(races.write(1, data)).toBe(0)
})

test('a plain write races with reads before it, with atomic ones and with both orders', () => {
  races.read(0, data)
  expect(races.write(1, data)).toBe(0)
  races.clear()
  races.atomic(0, data, false)
  expect(races.write(1, data)).toBe(0)
  races.clear()
  races.write(1, data)
  expect(races.atomic(0, data, false)).toBe(1)
})

test('what is written after the latch was left is not in order', () => {
  races.atomic(0, latch, true)
  races.write(0, data)
  races.atomic(1, latch, true)
  expect(races.read(1, data)).toBe(0)
})

test('a plain read may race with atomic writes', () => {
  races.atomic(0, data, true)
  expect(races.read(1, data)).toBeUndefined()
})

test('who is told of a death knows what the dead one wrote', () => {
  races.write(0, data)
  races.told(1, 0)
  expect(races.write(1, data)).toBeUndefined()
})
