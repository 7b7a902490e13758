/** The simulator: a scenario against a lock algorithm in virtual time, step by step. */

export {
  type CompareOptions,
  type Comparison,
  compareRuns,
  type Difference,
  sentenceOf,
} from './compare'
export { createExecutor, simulate } from './executor'
export { policies } from './policies'
export * from './program'
export type {
  BlockingEdge,
  Change,
  Chip,
  Doing,
  Executor,
  Listing,
  ListingLine,
  Moment,
  NumberPart,
  OperationId,
  Outcome,
  PolicyInfo,
  RegisterView,
  Segment,
  Sentence,
  Simulation,
  Span,
  Step,
  ThreadId,
  ThreadView,
} from './types'
