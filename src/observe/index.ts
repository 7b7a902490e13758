/** `latchkey/observe`: what locks did, recorded, summed up and exported. */

export { Histogram } from './histogram'
export type {
  AgentRecord,
  ContentionRecord,
  Gap,
  HistogramData,
  LockRecord,
  Recording,
} from './recording'
