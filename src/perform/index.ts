/** The same scenario on real workers, through the library. */

export { RealRunError, type RealRunErrorCode } from './errors'
export { perform } from './perform'
export { type Carrier, carriers, supportsRealRun, whyNoRealRun } from './support'
export type {
  Lateness,
  PerformOptions,
  RealPolicy,
  RealProgress,
  RealReach,
  RealRun,
  RealSpeed,
} from './types'
