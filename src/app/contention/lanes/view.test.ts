import { describe, expect, it } from 'vitest'
import { durationText, ticksOf, timeText } from './ticks'
import { around, isWhole, panned, within, zoomed } from './view'

const bounds = { from: 0, to: 1_000 }

describe('view', () => {
  it('zooms about the place that is pointed at', () => {
    expect(zoomed({ from: 0, to: 1_000 }, bounds, 2, 0.25)).toEqual({ from: 125, to: 625 })
    expect(zoomed({ from: 400, to: 600 }, bounds, 0.5)).toEqual({ from: 300, to: 700 })
  })

  it('never leaves what there is, and goes no nearer than a clock can tell', () => {
    expect(panned({ from: 800, to: 1_000 }, bounds, 0.5)).toEqual({ from: 800, to: 1_000 })
    expect(panned({ from: 100, to: 300 }, bounds, -1)).toEqual({ from: 0, to: 200 })
    expect(zoomed({ from: 0, to: 1_000 }, bounds, 0.1)).toEqual(bounds)
    const nearest = zoomed({ from: 500, to: 500.0015 }, bounds, 100)
    expect(nearest.to - nearest.from).toBeCloseTo(0.001, 6)
    expect(within({ from: -50, to: 5_000 }, bounds)).toEqual(bounds)
  })

  it('goes to a moment with something around it', () => {
    expect(around(bounds, bounds, 500, 520)).toEqual({ from: 485, to: 535 })
    expect(around({ from: 0, to: 10 }, bounds, 500, 520)).toEqual({ from: 498, to: 522 })
    expect(isWhole(bounds, bounds)).toBe(true)
    expect(isWhole({ from: 0, to: 500 }, bounds)).toBe(false)
  })
})

describe('the axis', () => {
  it('labels as finely as it is divided', () => {
    expect(ticksOf({ from: 0, to: 8_000 }, 900).map(({ text }) => text)[1]).toBe('1 s')
    expect(timeText(1_250.4, 0.2)).toBe('1,250.4 ms')
    expect(timeText(1_250, 50)).toBe('1.25 s')
  })

  it('gives every label its room, however near one looks', () => {
    for (const width of [250, 300, 700, 1_200]) {
      for (const long of [1e5, 3_000, 40, 1, 0.025, 0.002]) {
        const ticks = ticksOf({ from: 3_658.4523, to: 3_658.4523 + long }, width)
        expect(ticks.length).toBeGreaterThanOrEqual(1)
        for (const [at, { x, text }] of ticks.entries()) {
          const before = ticks[at - 1]
          if (before) expect(x - before.x).toBeGreaterThan(text.length * 7.2)
        }
      }
    }
  })

  it.each([
    [0, '0 ms'],
    [0.0042, '4.20 µs'],
    [0.5, '500 µs'],
    [4.321, '4.32 ms'],
    [43.21, '43.2 ms'],
    [432.1, '432 ms'],
    [4_321, '4.32 s'],
  ])('%d ms is %s', (ms, text) => expect(durationText(ms)).toBe(text))
})
