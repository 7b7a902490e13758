/** Workloads on real workers and tabs. */

export { type HostedRun, hostWorkloads } from './host-workloads'
export { agentOf, lockOf, modeOf, taskOf } from './names'
export { performWorkload } from './perform-workload'
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
