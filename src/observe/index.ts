/** `latchkey/observe`: what locks did, recorded, summed up and exported. */

export type {
  AgentRecord,
  ContentionRecord,
  Gap,
  HistogramData,
  LockRecord,
  Recording,
} from './recording'
