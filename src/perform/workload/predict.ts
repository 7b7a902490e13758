/**
 * What the hold time predicts, before anything is measured: the asymptotic bounds of a closed queueing
 * system (Denning and Buzen, "The Operational Analysis of Queueing Network Models", ACM Computing Surveys
 * 1978, section 5). Runners think for Z and hold for D; the busiest lock is needed for Dmax in each action.
 *
 *     throughput ≤ min(runners / (D + Z), 1 / Dmax)
 *
 * For one lock Dmax is the hold: 1 / hold. For a lock for each key it is the hold times the share of the
 * busiest key. Reads that share a lock keep nobody busy, so there only writes count. A semaphore serves as
 * many at once as it has permits.
 */

import { meanHold, meanOf, type Workload } from '../../scenario'

/** How long things take on average, in ms: as the workload has them, or as they came out. */
export interface Durations {
  readonly hold: number
  readonly writeHold: number
  readonly think: number
}

export interface Prediction {
  /** What the busiest lock can serve at most, actions a second; infinite where nobody waits. */
  readonly capacity: number
  /** How many runners keep it busy: fewer wait hardly, more wait for each other. */
  readonly saturation: number
  /** At most so many actions a second with so many runners. */
  throughput(runners: number): number
}

export function durationsOf(workload: Workload): Durations {
  const { writeHold, think } = workload
  return { hold: meanHold(workload), writeHold: meanOf(writeHold), think: meanOf(think) }
}

export function predict(
  workload: Workload,
  durations: Durations = durationsOf(workload),
): Prediction {
  const { hold, think } = durations
  const busiest = shareOfBusiest(workload) * busyFor(workload, durations)
  const capacity = busiest === 0 ? Number.POSITIVE_INFINITY : 1000 / busiest
  const cycle = hold + think
  return {
    capacity,
    saturation: busiest === 0 ? Number.POSITIVE_INFINITY : cycle / busiest,
    throughput: (runners) =>
      Math.min(cycle === 0 ? Number.POSITIVE_INFINITY : (1000 * runners) / cycle, capacity),
  }
}

/** For how long an action keeps others out of its lock, on average, in ms. */
function busyFor({ lock, reads }: Workload, { hold, writeHold }: Durations): number {
  switch (lock.kind) {
    case 'none':
      return 0
    case 'rw-lock':
    case 'navigator-locks':
      return (1 - reads) * writeHold
    case 'semaphore':
      return hold / lock.permits
    default:
      return hold
  }
}

function shareOfBusiest({ lock, keys, hot }: Workload): number {
  return lock.kind === 'mutex' ? 1 : hot + (1 - hot) / keys
}
