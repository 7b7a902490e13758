import { describe, expect, it } from 'vitest'
import { interleaved, lowerBound, median, quantile, summarize } from './statistics'

describe('quantile', () => {
  it.each([
    [0, 1],
    [0.5, 2.5],
    [0.99, 3.97],
    [1, 4],
  ])('%d of 1 to 4 lies below', (q, expected) => {
    expect(quantile([3, 1, 4, 2], q)).toBeCloseTo(expected)
  })

  it('says so when nothing was measured', () => {
    expect(() => median([])).toThrow(RangeError)
  })

  it('leaves the values as they were', () => {
    const values = [2, 1]
    median(values)
    expect(values).toEqual([2, 1])
  })
})

describe('summarize', () => {
  it('takes the median of the ratios, which a slow spell of the machine does not move', () => {
    const pairs = [
      { ours: 300, theirs: 1 },
      { ours: 30, theirs: 0.1 },
      { ours: 290, theirs: 1 },
      { ours: 310, theirs: 1 },
      { ours: 3.1, theirs: 0.01 },
    ]
    const { ours, theirs, ratio, quartiles } = summarize(pairs)
    expect([ours, theirs]).toEqual([290, 1])
    expect(ratio).toBeCloseTo(300)
    expect(quartiles[0]).toBeCloseTo(300)
    expect(quartiles[1]).toBeCloseTo(310)
  })
})

describe('lowerBound', () => {
  it('is the mean where nothing varies, and less where something does', () => {
    expect(lowerBound(Array(30).fill(0.97))).toBeCloseTo(0.97)
    const values = Array.from({ length: 30 }, (_, index) => 0.9 + (index % 2) * 0.2)
    // 2.045 times 0.1017 over the root of thirty.
    expect(lowerBound(values)).toBeCloseTo(1 - 0.03797, 4)
  })

  it('refuses few values', () => {
    expect(() => lowerBound([1, 1])).toThrow('30 values are needed, not 2')
  })
})

describe('interleaved', () => {
  it('has the other side begin in every second pair, and mixes none up', async () => {
    const order: string[] = []
    const side = (name: string) => async (round: number) => {
      order.push(name + round)
      return name + round
    }
    const pairs = await interleaved(3, side('a'), side('b'))
    expect(order).toEqual(['a0', 'b0', 'b1', 'a1', 'a2', 'b2'])
    expect(pairs).toEqual([0, 1, 2].map((n) => ({ ours: `a${n}`, theirs: `b${n}` })))
  })
})
