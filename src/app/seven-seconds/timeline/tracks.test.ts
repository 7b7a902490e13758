import { describe, expect, it } from 'vitest'
import { tracksOf } from './tracks'

describe('tracksOf', () => {
  it('sets arrows apart that meet in a lane', () => {
    expect(
      tracksOf([
        { from: 2, to: 1 },
        { from: 1, to: 0 },
      ]),
    ).toEqual([0, 1])
  })

  it('needs two tracks for a queue, however long', () => {
    const queue = Array.from({ length: 11 }, (_, lane) => ({ from: lane + 1, to: lane }))
    expect(Math.max(...tracksOf(queue))).toBe(1)
  })

  it('gives each waiter of one writer its own', () => {
    const readers = [1, 2, 3].map((from) => ({ from, to: 0 }))
    expect(tracksOf(readers)).toEqual([0, 1, 2])
  })

  it('has nothing to do for none', () => {
    expect(tracksOf([])).toEqual([])
  })
})
