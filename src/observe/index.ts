/** `latchkey/observe`: what locks did, recorded, summed up and exported. */

export { Account, type AccountOptions } from './account'
export type { CollectOptions } from './collect'
export * from './export'
export { findings } from './findings'
export type { Finding, FindingFigures, FindingKind } from './findings/finding'
export { type FindingSettings, findingDefaults } from './findings/settings'
export { Histogram } from './histogram'
export { type MergeOptions, merge } from './merge'
export {
  type ContentionChange,
  type Difference,
  diff,
  type LockChange,
  type TopOptions,
  type TopRow,
  top,
} from './profile'
export { type Recorder, type RecordOptions, record } from './record'
export type {
  AgentRecord,
  ContentionRecord,
  Gap,
  HistogramData,
  LockRecord,
  Recording,
} from './recording'
export type { Shipment, ShipOptions } from './ship'
