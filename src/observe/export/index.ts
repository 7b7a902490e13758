/** What a recording, or what happens to locks right now, can be handed to other tools as. */

export type { ChargeOptions } from './arguments'
export { chromeTrace } from './chrome-trace'
export { collapsedStacks } from './collapsed'
export {
  type DevToolsOptions,
  type RecordingDevToolsOptions,
  showInDevTools,
  showRecordingInDevTools,
} from './devtools'
export { type ExportFormat, type ExportId, exportFormats, exportName } from './formats'
export type { LogFields, Logger } from './log-line'
export { type LogOptions, logTo } from './log-to'
export {
  type LockMeter,
  type MeterOptions,
  type MetricAttributes,
  type MetricSettings,
  meterLocks,
} from './open-telemetry'
export { pprof } from './pprof'
export { speedscope } from './speedscope'
