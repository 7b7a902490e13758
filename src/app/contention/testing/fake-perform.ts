/** A run for tests of the page: what it reports is the test's to say, and when. */

import type { LockEvent } from '../../../locks'
import { Histogram } from '../../../observe'
import type { PerformWorkloadOptions, WorkloadOutcome } from '../../../perform/workload'
import type { Workload } from '../../../scenario'

export interface FakeRun {
  readonly workload: Workload
  readonly options: PerformWorkloadOptions
  /** Ends it with what was told of it. */
  readonly finish: (events: readonly LockEvent[], part?: Partial<WorkloadOutcome>) => void
  readonly fail: (error: Error) => void
}

export function fakePerform(onRun: (run: FakeRun) => void) {
  return (workload: Workload, options: PerformWorkloadOptions = {}): Promise<WorkloadOutcome> =>
    new Promise((resolve, reject) => {
      options.signal?.addEventListener('abort', () => reject(options.signal?.reason))
      onRun({
        workload,
        options,
        fail: reject,
        finish: (events, part = {}) => resolve(outcomeOf(workload, events, part)),
      })
    })
}

function outcomeOf(
  workload: Workload,
  events: readonly LockEvent[],
  part: Partial<WorkloadOutcome>,
): WorkloadOutcome {
  const [wait, hold] = [new Histogram(), new Histogram()]
  const asked = new Map<string, number>()
  const granted = new Map<string, number>()
  for (const { type, request, time } of events) {
    if (type === 'request') asked.set(request, time)
    if (type === 'grant') {
      granted.set(request, time)
      wait.record(time - (asked.get(request) ?? time))
    }
    if (type === 'release') hold.record(time - (granted.get(request) ?? time))
  }
  const times = events.map(({ time }) => time)
  const startedAt = Math.min(...times)
  return {
    ...{ workload, mechanism: 'web-locks', startedAt, agents: [], resolution: 0.005 },
    ...{ done: hold.count, writes: hold.count, lost: 0, dropped: 0, aborted: 0 },
    seconds: (Math.max(...times) - startedAt) / 1000,
    wait: wait.data(),
    hold: hold.data(),
    ...part,
  }
}
