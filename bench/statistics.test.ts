import { describe, expect, it } from 'vitest'
import { interleaved, median, quantile, summarize } from './statistics'

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
