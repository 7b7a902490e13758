/** What the bench asks of a page. Each tab of a measurement is this page. */

import { contend } from './contend'
import { hire, inWorkers, takeCount } from './crew'
import { askSecond, detect, holdFirst } from './deadlock'
import { drainQueue, fillQueue } from './deep-queue'
import { lead, queuedFor, succeed } from './failover'
import { fenceJourneys } from './fences'
import { handoff } from './handoff'
import { leftOver, lockKeys, lockMapOfMutexes } from './idle-keys'
import { inspect, inspected } from './inspect'
import { keyed } from './keyed'
import { crowd, increment, incrementStored, stored } from './prove'
import { readers } from './readers'
import { record, recorded } from './record'
import { busy, hammer, spin } from './throughput'
import type { TimelineOrder } from './timeline'

const bench = {
  askSecond,
  busy,
  contend,
  crowd,
  detect,
  drainQueue,
  fenceJourneys,
  fillQueue,
  hammer,
  handoff,
  hire,
  holdFirst,
  increment,
  incrementStored,
  inspect,
  inspected,
  inWorkers,
  keyed,
  lead,
  leftOver,
  lockKeys,
  lockMapOfMutexes,
  queuedFor,
  readers,
  record,
  recorded,
  spin,
  stored,
  succeed,
  takeCount,
  // Loaded on its own: the other rows' pages stay as bare as they are.
  timeline: async (order: TimelineOrder) => (await import('./timeline')).timeline(order),
}

declare global {
  interface Window {
    bench: typeof bench
  }
}

window.bench = bench
