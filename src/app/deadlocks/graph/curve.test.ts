import { describe, expect, it } from 'vitest'
import { box, circle, curveOf } from './curve'

const reach = { from: circle(10), to: box(40, 20) }

/** Start and end of a path. */
function endsOf(path: string) {
  const numbers = path.match(/-?[\d.]+/g)?.map(Number) ?? []
  const [x1 = 0, y1 = 0] = numbers
  const [x2 = 0, y2 = 0] = numbers.slice(-2)
  return { x1, y1, x2, y2 }
}

describe('curveOf', () => {
  it('leaves a circle and ends before a box, whatever the direction', () => {
    for (let turn = 0; turn < 16; turn++) {
      const to = { x: 150 * Math.cos(turn), y: 150 * Math.sin(turn) }
      const { x1, y1, x2, y2 } = endsOf(curveOf({ x: 0, y: 0 }, to, reach).path)
      expect(Math.hypot(x1, y1)).toBeCloseTo(12, 0)
      const [apartX, apartY] = [Math.abs(x2 - to.x), Math.abs(y2 - to.y)]
      expect(apartX > 20 || apartY > 10).toBe(true)
      expect(Math.hypot(apartX, apartY)).toBeLessThan(32)
    }
  })

  it('bends edges that run against each other apart', () => {
    const [a, b] = [
      { x: 0, y: 0 },
      { x: 100, y: 0 },
    ]
    const there = curveOf(a, b, reach).middle
    const back = curveOf(b, a, { from: reach.to, to: reach.from }).middle
    expect(Math.abs(there.y - back.y)).toBeGreaterThan(15)
  })
})
