/** Workloads for property tests: every kind of lock, spread and end, anywhere within the limits. */

import fc from 'fast-check'
import {
  type Spread,
  type Workload,
  type WorkloadEnd,
  type WorkloadLock,
  workloadReaches,
} from '../workload'
import { problemsOf, workloadLimits } from '../workload-limits'

const share = fc.oneof(fc.constantFrom(0, 1, 0.5, 0.95), anyNumber(1))
const length = fc.oneof(fc.integer({ min: 0, max: 200 }), anyNumber(50))

export const anySpread: fc.Arbitrary<Spread> = fc.oneof(
  fc.record({ kind: fc.constant('fixed' as const), ms: length }),
  fc.record({ kind: fc.constant('uniform' as const), below: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ kind: fc.constant('exponential' as const), mean: length }),
  fc
    .record({
      kind: fc.constant('bimodal' as const),
      short: length,
      long: length,
      longShare: share,
    })
    .map(({ short, long, ...rest }) => ({
      ...rest,
      short: Math.min(short, long),
      long: Math.max(short, long),
    })),
)

const over = {
  reach: fc.constantFrom(...workloadReaches),
  fair: fc.constantFrom('bounded' as const, 'strict' as const),
}

export const anyLock: fc.Arbitrary<WorkloadLock> = fc.oneof(
  fc.record({ kind: fc.constantFrom('mutex' as const, 'keyed-mutex' as const), ...over }),
  fc.record({
    kind: fc.constant('rw-lock' as const),
    policy: fc.constantFrom('phase-fair' as const, 'fifo' as const),
    ...over,
  }),
  fc.record({
    kind: fc.constant('semaphore' as const),
    permits: fc.integer({ min: 1, max: workloadLimits.permits }),
    ...over,
  }),
  fc.record({
    kind: fc.constantFrom('navigator-locks' as const, 'async-mutex' as const, 'none' as const),
  }),
)

export const anyEnd: fc.Arbitrary<WorkloadEnd> = fc.oneof(
  fc.record({
    kind: fc.constant('time' as const),
    ms: fc.integer({ min: workloadLimits.shortest, max: workloadLimits.longest }),
  }),
  fc.record({
    kind: fc.constant('actions' as const),
    actions: fc.integer({ min: 1, max: 500 }),
    shared: fc.constantFrom('evenly' as const, 'unevenly' as const),
  }),
)

export const anyWorkload: fc.Arbitrary<Workload> = fc
  .record({
    title: fc.constantFrom('', 'Größe, Ordnung', '書き手'),
    workers: fc.integer({ min: 1, max: workloadLimits.workers }),
    tabs: fc.integer({ min: 0, max: workloadLimits.tabs }),
    tasks: fc.integer({ min: 1, max: workloadLimits.tasks }),
    keys: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 10_000 })),
    hot: share,
    reads: share,
    readHold: anySpread,
    writeHold: anySpread,
    think: anySpread,
    lock: anyLock,
    end: anyEnd,
    seed: fc.integer({ min: 0, max: workloadLimits.seed }),
  })
  .map((workload) => {
    const realm = workload.lock.kind === 'async-mutex' || isRealm(workload.lock)
    return realm ? { ...workload, workers: 1, tabs: 0 } : workload
  })
  .filter((workload) => problemsOf(workload).length === 0)

function isRealm(lock: WorkloadLock): boolean {
  return 'reach' in lock && lock.reach === 'realm'
}

function anyNumber(max: number) {
  // A zero below zero is refused.
  return fc.double({ min: 0, max, noNaN: true }).map((value) => (value === 0 ? 0 : value))
}
