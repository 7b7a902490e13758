/**
 * A workload whose answers are known: three locks, the holds and waits written down by hand, on a
 * virtual clock (ms). What is expected of it was worked out with pencil and paper from the table of
 * acquisitions, and by nothing that is tested here.
 */

import type { LockEvent, LockMode } from '../../locks'
import type { Finding } from '../findings/finding'
import type { AgentRecord, ContentionRecord } from '../recording'

export const sites = {
  save: 'save (app.js:10:5)',
  load: 'load (app.js:20:5)',
  enqueue: 'enqueue (queue.js:7:3)',
  readA: 'readA (config.js:3:9)',
  readB: 'readB (config.js:8:9)',
  write: 'write (config.js:15:9)',
  flush: 'flush (log.js:4:1)',
  append: 'append (log.js:30:1)',
  jump: 'jump (log.js:44:1)',
  peek: 'peek (log.js:50:1)',
} as const

type Site = keyof typeof sites

interface Acquisition {
  readonly agent: 'page' | 'worker'
  readonly task: string
  readonly lock: string
  readonly mode: LockMode
  readonly site: Site
  readonly asked: number
  /** Absent if it never was. */
  readonly granted?: number
  readonly ended: number
  /** Default: released. */
  readonly how?: 'timeout' | 'abort' | 'refuse' | 'lost'
  /** ms until the event loop turned while it was held, where that is known. */
  readonly ran?: number
}

const inWorker = ['bob', 'eve', 'hal']

type Row = readonly [
  id: string,
  task: string,
  site: Site,
  asked: number,
  granted: number | undefined,
  ended: number,
  how?: Acquisition['how'],
]

const of = (
  lock: string,
  mode: LockMode,
  [id, task, site, asked, granted, ended, how]: Row,
): readonly [string, Acquisition] => [
  id,
  {
    agent: inWorker.includes(task) ? 'worker' : 'page',
    task,
    lock,
    mode,
    site,
    asked,
    ended,
    ...(granted === undefined ? {} : { granted }),
    ...(how === undefined ? {} : { how }),
    ...(id === 'l1' ? { ran: 5 } : {}),
  },
]

/** `db` is a mutex, which in the end more ask for than it can serve. */
const database: readonly Row[] = [
  ['d1', 'ann', 'save', 1000, 1000, 1100],
  ['d2', 'bob', 'load', 1010, 1100, 1110],
  ['d3', 'cat', 'load', 1020, 1110, 1130],
  ['d4', 'bob', 'save', 1200, 1200, 1240],
  ['d5', 'ann', 'load', 1210, undefined, 1230, 'timeout'],
  // Somebody asks every 10 ms, and each holds it for 20.
  ['c0', 'ann', 'enqueue', 2000, 2000, 2020],
  ['c1', 'bob', 'enqueue', 2010, 2020, 2040],
  ['c2', 'cat', 'enqueue', 2020, 2040, 2060],
  ['c3', 'ann', 'enqueue', 2030, 2060, 2080],
  ['c4', 'bob', 'enqueue', 2040, 2080, 2100],
  ['c5', 'cat', 'enqueue', 2050, 2100, 2120],
  ['c6', 'ann', 'enqueue', 2060, 2120, 2140],
  ['c7', 'bob', 'enqueue', 2070, 2140, 2160],
  ['c8', 'cat', 'enqueue', 2080, 2160, 2180],
  ['c9', 'ann', 'enqueue', 2090, 2180, 2200],
]

/** `config` is an RW lock, fair by phases. */
const readers: readonly Row[] = [
  ['r1', 'dan', 'readA', 3000, 3000, 3050],
  ['r2', 'eve', 'readB', 3010, 3010, 3030],
  ['r3', 'eve', 'readB', 3040, 3090, 3100],
  ['r4', 'eve', 'readB', 3210, 3400, 3410],
  ['r5', 'dan', 'readA', 3220, 3400, 3405],
]
const writers: readonly Row[] = [
  ['w1', 'fay', 'write', 3020, 3050, 3090],
  ['w2', 'fay', 'write', 3200, 3200, 3400],
]

/** `log` is held for two seconds, of which all but 5 ms were somebody else's; then hal is passed over. */
const log: readonly Row[] = [
  ['l1', 'gus', 'flush', 4000, 4000, 6000],
  ['l2', 'hal', 'append', 4100, 6030, 6040],
  ['o1', 'ida', 'jump', 4200, 6000, 6010],
  ['l3', 'hal', 'peek', 4300, undefined, 4300, 'refuse'],
  ['l4', 'gus', 'flush', 4400, undefined, 4500, 'abort'],
  ['o2', 'ida', 'jump', 6005, 6010, 6020],
  ['o3', 'ida', 'jump', 6015, 6020, 6030],
  ['l5', 'gus', 'flush', 7000, 7000, 7010, 'lost'],
]

const acquisitions: readonly (readonly [string, Acquisition])[] = [
  ...database.map((row) => of('db', 'exclusive', row)),
  ...readers.map((row) => of('config', 'shared', row)),
  ...writers.map((row) => of('config', 'exclusive', row)),
  ...log.map((row) => of('log', 'exclusive', row)),
]

function eventsOf([request, acquisition]: readonly [string, Acquisition]): readonly LockEvent[] {
  const { agent, task, lock, mode, asked, granted, ended, how, ran } = acquisition
  const base = { agent, task, lock, mode, request, site: sites[acquisition.site] }
  const end =
    how === undefined
      ? ({ type: 'release', ...(ran === undefined ? {} : { ran }) } as const)
      : how === 'lost'
        ? ({ type: how, reason: 'stolen' } as const)
        : ({ type: how } as const)
  return [
    { ...base, type: 'request', time: asked },
    ...(granted === undefined ? [] : [{ ...base, type: 'grant', time: granted } as const]),
    { ...base, ...end, time: ended },
  ]
}

/** At one moment: what ends comes before the grants that it causes, and these before new requests. */
const order = ['release', 'lost', 'grant', 'request', 'timeout', 'abort', 'refuse']

/** Everything that happened, by time. */
export const knownEvents: readonly LockEvent[] = acquisitions
  .flatMap(eventsOf)
  // Somebody whom nothing delays is granted what he asks for at that moment, after he has asked.
  .map((event, index) => ({ event, index }))
  .sort((a, b) => a.event.time - b.event.time || rank(a.event) - rank(b.event) || a.index - b.index)
  .map(({ event }) => event)

function rank({ type, request, time }: LockEvent): number {
  const found = acquisitions.find(([id]) => id === request)?.[1]
  if (type === 'grant' && found?.asked === time) return order.length
  return order.indexOf(type)
}

export const knownAgents: readonly AgentRecord[] = [
  {
    agent: 'page',
    kind: 'page',
    name: 'Shop',
    offset: 0,
    uncertainty: 0,
    resolution: 0.005,
    gaps: [],
  },
  {
    agent: 'worker',
    kind: 'worker',
    name: 'sync',
    page: 'page',
    offset: 0,
    uncertainty: 0,
    resolution: 0.005,
    gaps: [{ from: 8000, to: 8500, why: 'frozen' }],
  },
]

export interface KnownDistribution {
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

const distribution = (
  count: number,
  sum: number,
  min: number,
  p50: number,
  p90: number,
  p99: number,
  max: number,
): KnownDistribution => ({ count, sum, min, p50, p90, p99, max })

const none = { aborts: 0, timeouts: 0, refusals: 0, losses: 0, deadlocks: 0 }

/** By lock, then mode. */
export const knownLocks = [
  {
    lock: 'config',
    mode: 'exclusive',
    counts: { requests: 2, grants: 2, contended: 1, releases: 2, ...none },
    wait: distribution(2, 30, 0, 0, 30, 30, 30),
    hold: distribution(2, 240, 40, 40, 200, 200, 200),
  },
  {
    lock: 'config',
    mode: 'shared',
    counts: { requests: 5, grants: 5, contended: 3, releases: 5, ...none },
    wait: distribution(5, 420, 0, 50, 190, 190, 190),
    hold: distribution(5, 95, 5, 10, 50, 50, 50),
  },
  {
    lock: 'db',
    mode: 'exclusive',
    counts: { requests: 15, grants: 14, contended: 11, releases: 14, ...none, timeouts: 1 },
    wait: distribution(14, 630, 0, 40, 90, 90, 90),
    hold: distribution(14, 370, 10, 20, 40, 100, 100),
  },
  {
    lock: 'log',
    mode: 'exclusive',
    counts: {
      ...{ requests: 8, grants: 6, contended: 4, releases: 5, ...none },
      ...{ aborts: 1, refusals: 1, losses: 1 },
    },
    wait: distribution(6, 3740, 0, 5, 1930, 1930, 1930),
    hold: distribution(6, 2050, 10, 10, 2000, 2000, 2000),
  },
] as const

const charge = (
  charged: ContentionRecord['charged'],
  lock: string,
  mode: LockMode,
  site: Site,
  contentions: number,
  delay: number,
): ContentionRecord => ({ charged, lock, mode, site: sites[site], contentions, delay })

/** Those who stood in the way. By lock; then what costs most comes first. */
export const knownReleasers: readonly ContentionRecord[] = [
  // w2 made r4 wait 190 ms and r5 180; of r3's 50 ms w1 held it 40.
  charge('releaser', 'config', 'exclusive', 'write', 3, 410),
  // Of w1's 30 ms r1 held it for 30 and r2 for 10, side by side: 22.5 and 7.5. Of r3's, r1 held 10.
  charge('releaser', 'config', 'shared', 'readA', 2, 32.5),
  charge('releaser', 'config', 'shared', 'readB', 1, 7.5),
  // Each of them for those behind it: 10 + 20 + … + 90.
  charge('releaser', 'db', 'exclusive', 'enqueue', 9, 450),
  // d1 made d2 wait 90 ms and d3 80; d4 made d5 wait 20, in vain.
  charge('releaser', 'db', 'exclusive', 'save', 3, 190),
  charge('releaser', 'db', 'exclusive', 'load', 1, 10),
  // l1 made l2 wait 1900 ms, o1 1800, and l4 100, in vain.
  charge('releaser', 'log', 'exclusive', 'flush', 3, 3800),
  // They made l2 wait another 30 ms, and o2 and o3 5 each.
  charge('releaser', 'log', 'exclusive', 'jump', 3, 40),
]

/** Those who waited. */
export const knownWaiters: readonly ContentionRecord[] = [
  charge('waiter', 'config', 'shared', 'readB', 2, 240),
  charge('waiter', 'config', 'shared', 'readA', 1, 180),
  charge('waiter', 'config', 'exclusive', 'write', 1, 30),
  charge('waiter', 'db', 'exclusive', 'enqueue', 9, 450),
  charge('waiter', 'db', 'exclusive', 'load', 3, 200),
  charge('waiter', 'log', 'exclusive', 'append', 1, 1930),
  charge('waiter', 'log', 'exclusive', 'jump', 3, 1810),
  charge('waiter', 'log', 'exclusive', 'flush', 1, 100),
]

/** ms, all that was waited: 650 for `db`, 450 for `config`, 3840 for `log`. */
export const knownDelay = 4940

/** When it begins and ends. */
export const knownFrom = 1000
export const knownTo = 7010

/** All that is worth telling by the default settings. */
export const knownFindings: readonly Finding[] = [
  {
    kind: 'hot lock',
    lock: 'log',
    from: 1000,
    to: 7010,
    figures: { share: 3840 / 4940, delay: 3840 },
    sentence: '78 % of all waiting was for "log": 3.84 s.',
  },
  {
    // From c2 on somebody waits all the time: c2 to c9 ask, and c2, c3 and c4 are served.
    kind: 'convoy',
    lock: 'db',
    from: 2020,
    to: 2180,
    figures: { onset: 2020, peak: 2090, queue: 5, asked: 8, served: 3 },
    sentence:
      'The queue of "db" grew faster than it drained: within 70 ms 8 asked for it and 3 got it, until 5 waited.',
  },
  {
    // Readers waited 0, 0, 50, 180 and 190 ms: the first two behind no writer. w2 made two of them wait.
    kind: 'reader-writer inversion',
    lock: 'config',
    mode: 'exclusive',
    site: sites.write,
    from: 3200,
    to: 3400,
    figures: { p99: 190, otherwise: 0, held: 200, readers: 2, delay: 370 },
    sentence:
      'A writer held "config" for 200 ms, asked for at write (config.js:15:9), and 2 readers waited 370 ms for it; readers\' p99 is 190 ms, and 0 ms where no writer is in the way.',
  },
  {
    kind: 'long hold',
    lock: 'log',
    mode: 'exclusive',
    site: sites.flush,
    from: 4000,
    to: 6000,
    figures: { held: 2000, holds: 1 },
    sentence:
      '"log" was held for 2 s, asked for at flush (log.js:4:1); 1 hold lasted for more than 1 s.',
  },
  {
    kind: 'idle hold',
    lock: 'log',
    mode: 'exclusive',
    site: sites.flush,
    from: 4000,
    to: 6000,
    figures: { held: 2000, ran: 5, holds: 1 },
    sentence:
      '"log" was held for 2 s, asked for at flush (log.js:4:1), but ran for 5 ms only before it awaited something; 1 hold like that.',
  },
  {
    // o1, o2 and o3 asked later than l2.
    kind: 'starvation',
    lock: 'log',
    mode: 'exclusive',
    site: sites.append,
    from: 4100,
    to: 6030,
    figures: { waited: 1930, overtaken: 3, waiters: 1 },
    sentence:
      'Task "hal", which asked for "log" at append (log.js:30:1), was overtaken 3 times in 1.93 s.',
  },
]
