/** The same scenario on real workers, through the library. */

export { RealRunError, type RealRunErrorCode } from './errors'
export { perform } from './perform'
export { supportsRealRun, whyNoRealRun } from './support'
export type {
  Lateness,
  PerformOptions,
  RealPolicy,
  RealProgress,
  RealRun,
  RealSpeed,
} from './types'
