/** Programs, run step by step by whoever chooses the next thread. */

export {
  type Description,
  describe,
  type HoldMode,
  type LockDescription,
  type ThreadDescription,
  type ThreadStatus,
} from './describe'
export { keyOf } from './key'
export { type Outcome, type OutcomeKind, outcomeKinds, outcomeOf } from './outcome'
export {
  enabled,
  type Misuse,
  type Phase,
  type ProgramState,
  playableSteps,
  replay,
  start,
  step,
} from './state'
export type { Cycle, WaitEdge } from './wait-for'
