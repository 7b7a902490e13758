/** Scenarios: their shape, text form, links, and the ones that come with the page. */

export { type CatalogueEntry, catalogue, sevenSeconds } from './catalogue'
export { parseDuration, printDuration } from './duration'
export { assertScenario, limits } from './limits'
export { decodeLink, encodeLink, type LinkContent, type LinkMoment, type LinkResult } from './link'
export {
  kindOf,
  type LockKind,
  lockKinds,
  locksOf,
  type Program,
  type ProgramPolicy,
  type ProgramThread,
  type Release,
  type Schedule,
  type Statement,
  type Variable,
} from './program'
export { assertProgram, programLimits } from './program-limits'
export {
  decodeProgramLink,
  encodeProgramLink,
  maxSchedule,
  type ProgramLinkContent,
  type ProgramLinkResult,
} from './program-link'
export {
  type ProgramLines,
  type ProgramParseResult,
  parseProgram,
  printProgram,
  printStatement,
} from './program-text'
export {
  type DiningManner,
  dining,
  diningCase,
  type ProgramCase,
  philosophers,
  programCases,
  type Trouble,
} from './programs'
export { seeded } from './random'
export type { PolicyId, Scenario, Section, SectionMode, Thread } from './scenario'
export { type ParseResult, parseScenario, printScenario, type TextError } from './text'
export {
  type Action,
  meanHold,
  meanOf,
  participantsOf,
  runnersOf,
  type Spread,
  type Workload,
  type WorkloadEnd,
  type WorkloadLock,
  type WorkloadLockKind,
  type WorkloadReach,
  workloadReaches,
} from './workload'
export { workloadAsTest } from './workload-as-test'
export {
  assertWorkload,
  longestRun,
  problemsOf,
  type WorkloadProblem,
  workloadLimits,
} from './workload-limits'
export {
  decodeWorkloadLink,
  encodeWorkloadLink,
  type WorkloadLinkContent,
  type WorkloadLinkResult,
} from './workload-link'
export {
  type MapMutexCase,
  type MapMutexId,
  type MapMutexPublished,
  mapMutexCase,
  mapMutexCases,
} from './workload-mapmutex'
export { lengthAt, loadsOf, type PlanShape, planOf } from './workload-plan'
export { firstWorkload, type WorkloadPreset, workloadPresets } from './workload-presets'
