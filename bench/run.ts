/**
 * `npm run bench`: the library beside what it is compared with, in one Chromium, in one run.
 *
 *     npm run bench                                  everything, in some fifteen minutes
 *     npm run bench -- --only foreign-wait,keyed-2   some rows
 *     npm run -s bench -- --json                     one object: { rows: [{ id, what, ours, … }] }
 *
 * The goals are shown, not enforced: the exit code says whether everything could be measured.
 */
import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { clusterHandoff, clusterStrict, clusterUncontended, clusterWorkers } from './cluster'
import { detectLatency, detectOverhead } from './deadlock'
import { deepQueue } from './deep-queue'
import { exploreDining, exploreStates } from './explore'
import { leaderFailover } from './failover'
import { fenceCost } from './fences'
import { foreignWait, foreignWaitBusy } from './foreign-wait'
import { idleKeys } from './idle-keys'
import { idbHandoff, idbSequential, idbStrict } from './indexed-db'
import { inspectorCost } from './inspector'
import { keyed } from './keyed'
import { type Laboratory, openLaboratory } from './laboratory'
import { recording } from './record'
import { chosenIds, type Finding, type RowId, rowOf } from './rows'
import { rwReaders } from './rw-readers'
import { semaphore4 } from './semaphore'
import { table } from './table'
import { throughput } from './throughput'
import { timeline100k } from './timeline'
import { twoTabs } from './two-tabs'

const measurements: Readonly<Record<RowId, (laboratory: Laboratory) => Promise<Finding>>> = {
  'origin-sequential': throughput('origin-sequential', 'raw', 1),
  'origin-10-tasks': throughput('origin-10-tasks', 'raw', 10),
  'origin-2-tabs': twoTabs,
  'vs-async-mutex': throughput('vs-async-mutex', 'async-mutex', 1),
  'vs-async-mutex-10': throughput('vs-async-mutex-10', 'async-mutex', 10),
  'vs-no-lock': throughput('vs-no-lock', 'no lock', 1),
  'foreign-wait': foreignWait,
  'foreign-wait-busy': foreignWaitBusy,
  'keyed-100': keyed('keyed-100', '1000_100_20_20', 5),
  'keyed-2': keyed('keyed-2', '1000_2_40_20', 5),
  'mapmutex-1000_100_20_20': keyed('mapmutex-1000_100_20_20', '1000_100_20_20', 5),
  'mapmutex-1000_20_20_20': keyed('mapmutex-1000_20_20_20', '1000_20_20_20', 3),
  'mapmutex-1000_20_40_20': keyed('mapmutex-1000_20_40_20', '1000_20_40_20', 3),
  'mapmutex-1000_2_40_20': keyed('mapmutex-1000_2_40_20', '1000_2_40_20', 5),
  'mapmutex-1000_20_40_60': keyed('mapmutex-1000_20_40_60', '1000_20_40_60', 3),
  // Once: it takes 19 s under ours, as long raw, and longer with retries.
  'mapmutex-10000_20_40_20': keyed('mapmutex-10000_20_40_20', '10000_20_40_20', 1),
  'rw-readers': rwReaders,
  'semaphore-4': semaphore4,
  'cluster-uncontended': clusterUncontended,
  'cluster-2-workers': clusterWorkers('cluster-2-workers', 2),
  'cluster-4-workers': clusterWorkers('cluster-4-workers', 4),
  'cluster-strict': clusterStrict,
  'cluster-handoff': clusterHandoff,
  'idb-strict': idbStrict,
  'idb-sequential': idbSequential,
  'idb-handoff': idbHandoff,
  'fence-cost': fenceCost,
  'leader-failover': leaderFailover,
  'idle-keys': idleKeys,
  'deep-queue': deepQueue,
  'detect-overhead': detectOverhead,
  'detect-latency': detectLatency,
  'record-off': recording('record-off', undefined, 0.95),
  'record-1-in-100': recording('record-1-in-100', 100, 0.85),
  'record-all': recording('record-all', 1),
  'inspector-cost': inspectorCost,
  'explore-states': exploreStates,
  'explore-dining-5': exploreDining,
  'timeline-100k': timeline100k,
}

const { ids, json } = readArguments()
// With --json, standard output belongs to the object alone.
const say = (line: string) => (json ? console.error : console.log)(line)

const findings: Finding[] = []
let busiest = 0
const start = performance.now()
const laboratory = await openLaboratory(say)
try {
  say(`${laboratory.browser}; ${load()} before`)
  for (const id of ids) {
    console.error(`measuring ${id} (${load()})`)
    try {
      findings.push(await measurements[id](laboratory))
    } catch (error) {
      // The other rows can still be measured; the exit code tells.
      process.exitCode = 1
      console.error(`${id} could not be measured:`, error)
    }
  }
} finally {
  await laboratory.close()
}
if (json) {
  console.log(JSON.stringify({ rows: findings.map(rowOf) }))
} else {
  console.log(`\n${table(findings)}`)
  console.log(
    '\nours, theirs and ratio are medians over interleaved pairs; the spread is where the middle half of the ratios lies.',
  )
}
say(`${load()} after; ${((performance.now() - start) / 1000).toFixed(0)} s`)
if (busiest > availableParallelism() + 2) {
  say('Others kept this machine busy: waits, shares and seconds above are partly theirs.')
}

/** The average of the last minute, which the bench itself raises by one or two. */
function load(): string {
  const [minute = 0] = loadavg()
  busiest = Math.max(busiest, minute)
  return `load ${minute.toFixed(1)} on ${availableParallelism()} cores`
}

function readArguments(): { readonly ids: readonly RowId[]; readonly json: boolean } {
  try {
    const { values } = parseArgs({
      options: { only: { type: 'string' }, json: { type: 'boolean', default: false } },
    })
    return { ids: chosenIds(values.only), json: values.json }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(2)
  }
}
