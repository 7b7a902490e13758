/** The same scenario, or program, on real workers, through the library. */

export { RealRunError, type RealRunErrorCode } from './errors'
export { greetOpener, type OpenedTab } from './greet-opener'
export { perform } from './perform'
export { type HostedThread, type Hosting, hostThreads } from './program/host-threads'
export {
  type PerformProgramOptions,
  performProgram,
  whyNoRealProgram,
  whyNotInTwoTabs,
} from './program/perform-program'
export {
  isOfLocks,
  type LockMark,
  type Mark,
  type RealMode,
  type RealProgramRun,
  type ThreadEnd,
} from './program/types'
export { type Carrier, carriers, supportsRealRun, whyNoRealRun } from './support'
export { TabError } from './tab-greeting'
export type {
  Lateness,
  PerformOptions,
  RealPolicy,
  RealProgress,
  RealReach,
  RealRun,
  RealSpeed,
} from './types'
