/** The offset of two clocks is found within the error that is stated for it. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clockResolution, estimateOffset, type Ping, scenarioTime } from './clocks'

/** A ping to a clock that is `offset` ahead, with what each way took. */
function ping(at: number, there: number, back: number, offset: number): Ping {
  return { sent: at, answered: at + there + offset, received: at + there + back }
}

test('a quick ping among slow ones decides', () => {
  const pings = [ping(0, 30, 2, 500), ping(50, 0.2, 0.1, 500), ping(90, 1, 40, 500)]
  const { offset, error } = estimateOffset(pings, 0)
  expect(offset).toBeCloseTo(500.05)
  expect(error).toBeCloseTo(0.15)
})

test('one clock stays one clock, however lopsided the pings are', () => {
  const { offset, error } = estimateOffset([ping(0, 9, 0.5, 0), ping(20, 0.1, 3, 0)], 0)
  expect(offset).toBe(0)
  expect(error).toBeCloseTo(3)
})

test('the truth lies within the stated error', () => {
  const way = fc.double({ min: 0, max: 50, noNaN: true })
  const trips = fc.array(fc.tuple(way, way), { minLength: 1, maxLength: 10 })
  const truth = fc.double({ min: -1e4, max: 1e4, noNaN: true })
  fc.assert(
    fc.property(trips, truth, (ways, offset) => {
      const pings = ways.map(([there, back], index) => ping(index * 100, there, back, offset))
      const found = estimateOffset(pings, 0)
      expect(Math.abs(found.offset - offset)).toBeLessThanOrEqual(found.error + 1e-6)
      const shortest = Math.min(...ways.map(([there, back]) => there + back))
      expect(found.error).toBeLessThanOrEqual(shortest + 1e-6)
    }),
  )
})

test('a coarse clock is not believed further than it can see', () => {
  const { offset, error } = estimateOffset([ping(0, 0, 0, 0)], 0.1)
  expect(offset).toBe(0)
  expect(error).toBeCloseTo(0.1)
})

test('how coarse a clock is', () => {
  let reads = 0
  expect(clockResolution(() => Math.floor(reads++ / 7) / 8)).toBe(0.125)
})

test('no ping, no offset', () => {
  expect(() => estimateOffset([], 0)).toThrow(RangeError)
})

test('a worker’s time on the scenario’s axis', () => {
  const scale = { start: 1000, offset: 250, speed: 10 }
  expect(scenarioTime(1250, scale)).toBe(0)
  expect(scenarioTime(1350, scale)).toBe(1000)
  expect(scenarioTime(1250 + 400.5, { ...scale, speed: 1 })).toBe(400.5)
})
