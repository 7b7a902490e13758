/**
 * The conformance suite in Node: the ports whose reach a process has, by the main thread and worker
 * threads. One module for both, which the runner bundles; the report goes to the file that the
 * argument names.
 */

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { within } from './check'
import { runPort } from './direct'
import { type PortRow, portNames, ports } from './ports'
import type { Agent, Environment, Opening } from './protocol'
import type { Report } from './suite'
import { remoteAgent, serveAgent, type Wire } from './wire'

/** What a run in Node answers. */
export interface NodeReport {
  /** Whether this Node has `navigator.locks`. */
  readonly webLocks: boolean
  readonly reports: readonly Report[]
}

/** ms for a thread to start. */
const startLimit = 15_000

const threads: Environment = {
  kinds: (reach) => (reach === 'cluster' ? ['thread', 'thread'] : []),
  start: (_kind, opening) => within(startLimit, 'a thread to start', startThread(opening)),
}

function startThread(opening: Opening): Promise<Agent> {
  const thread = new Worker(fileURLToPath(import.meta.url))
  const wire: Wire = {
    post: (message) => thread.postMessage(message),
    hear(listener) {
      thread.on('message', listener)
    },
  }
  const failed = new Promise<never>((_, reject) => thread.on('error', reject))
  const kill = () => void thread.terminate()
  return Promise.race([remoteAgent('thread', wire, opening, kill), failed])
}

async function runAll(file: string): Promise<void> {
  const reports: Report[] = []
  for (const name of portNames) {
    const row: PortRow = ports[name]
    if (row.reach !== 'realm' && row.reach !== 'cluster') continue
    const lacks = row.lacks()
    const missing = { group: 'all', title: 'the whole port', error: `this Node has no ${lacks}` }
    const report =
      lacks === undefined ? await runPort(name, threads) : { port: name, outcomes: [missing] }
    reports.push(report)
  }
  const webLocks = globalThis.navigator?.locks !== undefined
  writeFileSync(file, JSON.stringify({ webLocks, reports } satisfies NodeReport))
  process.exit()
}

if (isMainThread) {
  await runAll(process.argv[2] ?? '/dev/stdout')
} else {
  serveAgent({
    post: (message) => parentPort?.postMessage(message),
    hear(listener) {
      parentPort?.on('message', listener)
    },
  })
}
