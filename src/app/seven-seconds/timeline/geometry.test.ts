import { describe, expect, it } from 'vitest'
import { fitLabel } from './fit-label'
import { geometryOf } from './geometry'

describe('geometryOf', () => {
  it('gives names a column where there is room, and a line of their own where not', () => {
    const wide = geometryOf({ width: 1120, lanes: 3, duration: 8000, small: false })
    const phone = geometryOf({ width: 340, lanes: 3, duration: 8000, small: false })
    expect(wide.names).toBe('beside')
    expect(phone.names).toBe('above')
    expect(phone.plot.right - phone.plot.left).toBeGreaterThan(320)
  })

  it('draws writing taller than reading and waiting lowest', () => {
    const { barHeight } = geometryOf({ width: 1120, lanes: 3, duration: 8000, small: false })
    expect(barHeight('writing')).toBeGreaterThan(barHeight('reading'))
    expect(barHeight('reading')).toBeGreaterThan(barHeight('waiting'))
  })

  it.each([1000, 8000, 61_000, 3_600_000])('keeps ticks of a %i ms axis apart', (duration) => {
    const { ticks, x } = geometryOf({ width: 340, lanes: 3, duration, small: false })
    expect(ticks[0]).toBe(0)
    expect(x(ticks[1] ?? Number.NaN) - x(0)).toBeGreaterThanOrEqual(40)
    expect(ticks.every((tick) => tick <= duration && tick % 1000 === 0)).toBe(true)
  })

  it.each([1, 3, 12])('keeps %i lanes and their strips inside and apart', (lanes) => {
    for (const small of [false, true]) {
      for (const width of [300, 340, 900]) {
        const g = geometryOf({ width, lanes, duration: 8000, small })
        expect(g.strip(lanes - 1) + g.stripHeight).toBeLessThanOrEqual(g.plot.bottom)
        for (let lane = 1; lane < lanes; lane++) {
          expect(g.strip(lane - 1) + g.stripHeight).toBeLessThan(
            g.middle(lane) - g.barHeight('writing') / 2 + 2,
          )
        }
      }
    }
  })
})

describe('fitLabel', () => {
  const waiting = { kind: 'waiting', label: 'waiting for 1 reader' } as const

  it('prefers the full wording', () => {
    expect(fitLabel(waiting, 400, 15)).toBe('waiting for 1 reader')
  })

  it('falls back to a shorter one, then to none', () => {
    expect(fitLabel(waiting, 80, 15)).toBe('waiting')
    expect(fitLabel(waiting, 42, 15)).toBe('wait')
    expect(fitLabel(waiting, 10, 15)).toBe('')
    expect(fitLabel({ kind: 'reading', label: 'reading' }, 30, 11)).toBe('read')
  })
})
