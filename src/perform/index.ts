/** The same scenario, or program, on real workers, through the library. */

export { RealRunError, type RealRunErrorCode } from './errors'
export { perform } from './perform'
export {
  type PerformProgramOptions,
  performProgram,
  whyNoRealProgram,
} from './program/perform-program'
export type { Mark, RealMode, RealProgramRun, ThreadEnd } from './program/types'
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
