import { describe, expect, it } from 'vitest'
import { type CliffStep, predict } from '../../../perform/workload'
import { firstWorkload } from '../../../scenario'
import { cliffWords, predictionWords } from './cliff'

const step = (load: number, throughput: number, p99: number): CliffStep => ({
  ...{ load, throughput, hold: 5, predicted: 200, lost: 0 },
  wait: { p50: p99 / 4, p99, max: p99 },
})
const prediction = predict(firstWorkload)

describe('the cliff in sentences', () => {
  it('says where it turns, what more of it only does, and what was predicted', () => {
    const steps = [step(1, 66, 0), step(3, 190, 9), step(12, 195, 80)]
    expect(cliffWords({ steps, turn: 1, prediction })).toEqual([
      'The curve turns at 3 runners, with 190 sections a second.',
      'From there on more of them only wait: 99 of 100 less than 9.00 ms there, 80.0 ms with 12 runners.',
      'By the hold time the busiest lock serves at most 200 a second, which about 3 runners ask of it.',
    ])
  })

  it('says when it does not turn', () => {
    const never = predict({ ...firstWorkload, lock: { kind: 'none' } })
    const words = cliffWords({
      steps: [step(1, 66, 0), step(2, 130, 0)],
      turn: undefined,
      prediction: never,
    })
    expect(words).toEqual([
      'The curve does not turn: it rises to 130 sections a second with 2 runners.',
      'Nothing here keeps anybody out: by the hold time alone there is no bound.',
    ])
    expect(cliffWords({ steps: [], turn: undefined, prediction })).toEqual([])
    expect(predictionWords(never)).toMatch(/no bound/)
  })
})
