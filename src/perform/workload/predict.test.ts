import { describe, expect, it } from 'vitest'
import { firstWorkload, runnersOf, type Workload, workloadPresets } from '../../scenario'
import { predict } from './predict'

const base: Workload = {
  ...firstWorkload,
  keys: 10,
  reads: 0.75,
  readHold: { kind: 'fixed', ms: 4 },
  writeHold: { kind: 'uniform', below: 17 },
  think: { kind: 'exponential', mean: 15 },
}
// A hold lasts 0.75 * 4 + 0.25 * 8 = 5 ms, a round 20 ms.
const over = { reach: 'origin', fair: 'strict' } as const
const rw = { kind: 'rw-lock', policy: 'fifo', ...over } as const

describe('predict', () => {
  it.each<[string, Partial<Workload>, number, number]>([
    ['one lock serves 1 / hold', { lock: { kind: 'mutex', ...over } }, 200, 4],
    ['a lock for each key, ten of them', { lock: { kind: 'keyed-mutex', ...over } }, 2_000, 40],
    // The first key gets 0.2 + 0.8 / 10 of all actions.
    ['its hot key', { lock: { kind: 'keyed-mutex', ...over }, hot: 0.2 }, 200 / 0.28, 4 / 0.28],
    ['an RW lock is kept busy by writes only', { lock: rw, keys: 1 }, 500, 10],
    ['reads alone never are', { lock: rw, keys: 1, reads: 1 }, Infinity, Infinity],
    ['async-mutex knows no reads', { lock: { kind: 'async-mutex' }, keys: 1 }, 200, 4],
    ['raw locks share reads', { lock: { kind: 'navigator-locks' }, keys: 1 }, 500, 10],
    [
      'four permits serve four',
      { lock: { kind: 'semaphore', permits: 4, ...over }, keys: 1 },
      800,
      16,
    ],
    ['without a lock nobody waits', { lock: { kind: 'none' } }, Infinity, Infinity],
  ])('%s', (_, change, capacity, saturation) => {
    const prediction = predict({ ...base, ...change })
    expect(prediction.capacity).toBeCloseTo(capacity, 6)
    expect(prediction.saturation).toBeCloseTo(saturation, 6)
  })

  it('below saturation every runner brings its share, beyond it none does', () => {
    const { throughput } = predict({ ...base, lock: { kind: 'mutex', ...over } })
    expect([1, 2, 4, 5, 100].map(throughput)).toEqual([50, 100, 200, 200, 200])
  })

  it('takes the durations as they came out', () => {
    const lock = { kind: 'mutex', ...over } as const
    const { capacity } = predict({ ...base, lock }, { hold: 10, writeHold: 16, think: 15 })
    expect(capacity).toBe(100)
  })

  it('nothing that takes time has no bound', () => {
    const none = { kind: 'fixed', ms: 0 } as const
    const instant = { ...base, readHold: none, writeHold: none, think: none }
    expect(predict(instant).throughput(3)).toBe(Infinity)
  })
})

describe('presets show what they say:', () => {
  const roomIn = (wanted: string) => {
    const preset = workloadPresets.find(({ id }) => id === wanted)
    if (preset === undefined) throw new Error(`no preset ${wanted}`)
    return predict(preset.workload).saturation / runnersOf(preset.workload)
  }

  it.each(['first', 'hot-key'])('%s asks for more than the busiest lock can give', (id) => {
    expect(roomIn(id)).toBeLessThan(1)
  })

  it.each(['read-heavy-config', 'slow-writer', 'convoy'])(
    '%s has room on average: who waits, waits for what is rare',
    (id) => {
      expect(roomIn(id)).toBeGreaterThan(1.5)
    },
  )
})
