/** The simulator: a scenario against a lock algorithm in virtual time, step by step. */

export {
  type CompareOptions,
  type Comparison,
  compareRuns,
  type Difference,
  sentenceOf,
} from './compare'
export { createExecutor, simulate } from './executor'
export { type Distance, type Distances, distances } from './exploration/distances'
export { Pause } from './exploration/pause'
export type {
  ExactExploration,
  ExactOutcome,
  Exploration,
  ExploreOptions,
  FinalValues,
  Progress,
  Property,
  PropertyId,
  SampledExploration,
  SampledOutcome,
  Shortest,
  Verdict,
} from './exploration/types'
export { type Interval, wilson } from './exploration/wilson'
export { explore } from './explore'
export { exploreInWorker, findOutcomesInWorker, simulateInWorker } from './explore-client'
export { policies } from './policies'
export * from './program'
export {
  runTimed,
  simulateTimed,
  type TimedOptions,
  type TimedOutcome,
  type TimedReport,
  type TimedRun,
} from './timed'
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
export { findOutcomes } from './verdict'
