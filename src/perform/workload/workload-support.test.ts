import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { firstWorkload, type Workload, type WorkloadLock, workloadPresets } from '../../scenario'
import { workloadAllowance } from './allowance'
import { workloadSupport } from './workload-support'

const over = { fair: 'bounded' } as const
const alone = { workers: 1, tabs: 0 } as const
const support = (lock: WorkloadLock, change: Partial<Workload> = {}) =>
  workloadSupport({ ...firstWorkload, lock, ...change })

beforeEach(() => {
  vi.stubGlobal('Worker', class {})
  vi.stubGlobal('navigator', {})
  vi.stubGlobal('indexedDB', {})
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('workloadSupport', () => {
  it('says what stands before the sections', () => {
    expect(support({ kind: 'none' })).toEqual({ supported: true, mechanism: 'none' })
    expect(support({ kind: 'async-mutex' }, alone)).toMatchObject({ mechanism: 'async-mutex' })
    const realm = { kind: 'mutex', reach: 'realm', ...over } as const
    expect(support(realm, alone)).toMatchObject({ mechanism: 'memory' })
    const cluster = { kind: 'keyed-mutex', reach: 'cluster', ...over } as const
    expect(support(cluster)).toMatchObject({ mechanism: 'shared-memory' })
    vi.stubGlobal('window', {})
    vi.stubGlobal('indexedDB', {})
    const stored = { kind: 'mutex', reach: 'indexed-db', ...over } as const
    expect(support(stored)).toMatchObject({ mechanism: 'indexed-db' })
    vi.stubGlobal('navigator', { locks: {} })
    expect(support({ kind: 'navigator-locks' })).toMatchObject({ mechanism: 'navigator-locks' })
  })

  it.each<[string, WorkloadLock, () => void, RegExp]>([
    ['workers', { kind: 'none' }, () => vi.stubGlobal('Worker', undefined), /no Web Workers here/],
    ['Web Locks', { kind: 'navigator-locks' }, () => {}, /no navigator.locks here/],
    [
      'shared memory',
      { kind: 'mutex', reach: 'cluster', ...over },
      () => vi.stubGlobal('SharedArrayBuffer', undefined),
      /no shared memory here/,
    ],
    [
      'anything to count in',
      { kind: 'none' },
      () => {
        vi.stubGlobal('SharedArrayBuffer', undefined)
        vi.stubGlobal('indexedDB', undefined)
      },
      /share no counter here/,
    ],
    // Node's own locks end at the process.
    ['a browser', { kind: 'mutex', reach: 'origin', ...over }, () => {}, /no locks that reach/],
  ])('without %s says so in a sentence', (_, lock, take, reason) => {
    take()
    expect(support(lock)).toEqual({
      supported: false,
      reason: expect.stringMatching(reason),
    })
    expect(support(lock)).toMatchObject({
      reason: expect.stringMatching(/^There .*\.$|^Workers .*\.$/s),
    })
  })
})

it('a run may take longer than its workload, and never for ever', () => {
  for (const { workload } of workloadPresets) {
    const { end } = workload
    const least = end.kind === 'time' ? end.ms : 1_000
    expect(workloadAllowance(workload)).toBeGreaterThan(least + 10_000)
    expect(workloadAllowance(workload)).toBeLessThan(20 * 60_000)
  }
  // The longest draw of an exponential hold is 22 times its mean.
  const rare = { ...firstWorkload, writeHold: { kind: 'exponential', mean: 1_000 } } as const
  expect(workloadAllowance(rare)).toBeGreaterThan(5_000 + 22_000)
})
