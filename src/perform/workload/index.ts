/** Workloads on real workers and tabs. */

export { type Cliff, type CliffStep, type FindCliffOptions, findCliff } from './find-cliff'
export { type HostedRun, hostWorkloads } from './host-workloads'
export { type MapMutexResult, type RunMapMutexOptions, runMapMutexCase } from './map-mutex'
export { agentOf, lockOf, modeOf, taskOf } from './names'
export { performWorkload } from './perform-workload'
export { type Durations, durationsOf, type Prediction, predict } from './predict'
export type {
  PerformWorkloadOptions,
  WorkloadCounts,
  WorkloadMechanism,
  WorkloadOutcome,
  WorkloadProgress,
} from './types'
export { type WorkloadSupport, workloadSupport } from './workload-support'
export {
  type OpenWorkloadTabsOptions,
  openWorkloadTabs,
  type WorkloadTabs,
} from './workload-tabs'
