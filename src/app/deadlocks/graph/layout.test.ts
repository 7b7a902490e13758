import { describe, expect, it } from 'vitest'
import { layoutOf, type Point, type Use } from './layout'

const size = { width: 380, height: 320 }
const distance = (a: Point | undefined, b: Point | undefined) =>
  Math.hypot((a?.x ?? 0) - (b?.x ?? 0), (a?.y ?? 0) - (b?.y ?? 0))

/** Philosopher i uses fork i and the next. */
function table(count: number): Use[] {
  return Array.from({ length: count }, (_, thread) => [
    { thread, lock: thread },
    { thread, lock: (thread + 1) % count },
  ]).flat()
}

describe('layoutOf', () => {
  it.each([3, 4, 5, 6, 7])('puts every fork of %i philosophers between its two', (count) => {
    const { threads, locks } = layoutOf({
      threads: count,
      locks: count,
      uses: table(count),
      ...size,
    })
    for (const [fork, place] of locks.entries()) {
      const near = threads
        .map((thread, index) => ({ index, far: distance(thread, place) }))
        .sort((a, b) => a.far - b.far)
        .slice(0, 2)
        .map(({ index }) => index)
        .sort((a, b) => a - b)
      expect(near).toEqual([fork, (fork + count - 1) % count].sort((a, b) => a - b))
    }
  })

  it('lets two threads with two locks face each other, a lock on either side', () => {
    const { threads, locks } = layoutOf({ threads: 2, locks: 2, uses: table(2), ...size })
    expect(threads[0]?.x).toBeLessThan(100)
    expect(threads[1]?.x).toBeGreaterThan(280)
    expect((locks[0]?.y ?? 0) < 160).not.toBe((locks[1]?.y ?? 0) < 160)
  })

  it('puts what all use into the middle', () => {
    const uses = [0, 1, 2].map((thread) => ({ thread, lock: 0 }))
    const { locks } = layoutOf({ threads: 3, locks: 1, uses, ...size })
    expect(locks).toEqual([{ x: 190, y: 160 }])
  })

  it('keeps all nodes inside, and apart', () => {
    for (let threads = 1; threads <= 8; threads++) {
      for (let locks = 1; locks <= 8; locks++) {
        for (const reach of [1, 2, 3]) {
          const uses = Array.from({ length: locks * reach }, (_, at) => ({
            thread: (at * 7 + (at % reach)) % threads,
            lock: at % locks,
          }))
          const places = layoutOf({ threads, locks, uses, ...size })
          const all = [...places.threads, ...places.locks]
          for (const [index, place] of all.entries()) {
            expect(place.x).toBeGreaterThanOrEqual(0)
            expect(place.x).toBeLessThanOrEqual(size.width)
            expect(place.y).toBeGreaterThanOrEqual(0)
            expect(place.y).toBeLessThanOrEqual(size.height)
            for (const other of all.slice(index + 1)) {
              expect(distance(place, other), `${threads} ${locks} ${reach}`).toBeGreaterThan(16)
            }
          }
        }
      }
    }
  })
})
