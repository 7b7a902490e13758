/**
 * A page of the fault suite: it ends workers of its own at random moments and sees what becomes of
 * the others (`faults-deaths.ts`), or is itself the tab to which something happens.
 */

import { createLockMemory } from '../../src/locks/ports/shared-memory/create-lock-memory'
import { type AgentOptions, FaultAgent, type Role, report } from './faults-agent'
import { type Deaths, endWorkers, type Plan } from './faults-deaths'

let agent: FaultAgent | undefined
/** When what a test asked for came to be: ms since the epoch. */
const moments = new Map<string, Promise<number>>()

const now = () => performance.timeOrigin + performance.now()

function me(): FaultAgent {
  if (agent === undefined) throw new Error('nobody yet')
  return agent
}

/** The most that a timer was late, in ms. */
let lateness = 0

/** How late this page is, whatever locks do. */
function measure(): void {
  const start = performance.now()
  setTimeout(() => {
    lateness = Math.max(lateness, performance.now() - start - 10)
    measure()
  }, 10)
}

globalThis.faults = {
  endWorkers,

  shareMemory() {
    globalThis.faults.memory = createLockMemory()
  },

  async be(options) {
    measure()
    const { memory } = globalThis.faults
    agent = new FaultAgent({ ...options, memory })
    await agent.lanes.locks?.ready()
  },

  // An opened page has that of its opener; one that stands alone has none.
  memory: (opener as (Window & { readonly faults?: Faults }) | null)?.faults?.memory,

  cling(url) {
    fetch(`${url}/cling/${me().number}`).catch(() => {})
  },

  contend(lanes, tasks) {
    me().contend(lanes, tasks).catch(report)
  },

  stop: () => me().stop(),

  async take(role, lane) {
    await me().take(role, lane)
  },

  note(what, doing, lane) {
    const granted = new Promise<number>((resolve) => {
      const isGranted = () => resolve(now())
      const done = doing === 'pass' ? me().pass(lane, isGranted) : me().steal(lane, isGranted)
      done.catch(report)
    })
    moments.set(what, granted)
  },

  async keep(what, lane) {
    const { lost } = await me().keep(lane)
    moments.set(what, lost.then(now))
  },

  moment(what, patience) {
    const never = new Promise<undefined>((resolve) => setTimeout(resolve, patience))
    return Promise.race([moments.get(what), never])
  },

  lateness: () => lateness,

  async wait(lane) {
    const start = performance.now()
    await me().pass(lane)
    return performance.now() - start
  },

  async leftOver(patience) {
    return me().lanes.leftOver(patience)
  },
}

interface Faults {
  endWorkers(plan: Plan): Promise<Deaths>
  /** Makes the memory for this page and those that it opens. */
  shareMemory(): void
  /** Of a page that opens others, or was opened: what they stand on. */
  memory: SharedArrayBuffer | undefined
  be(options: Omit<AgentOptions, 'memory'>): Promise<void>
  /** Keeps a connection to the witness to the end of its life, by which that is seen. */
  cling(url: string): void
  /** From now on, until it is stopped. */
  contend(lanes: readonly number[], tasks: number): void
  stop(): void
  take(role: Role, lane: number): Promise<void>
  /** Begins to wait for a lane, or to steal it; `moment` tells when it has done so. */
  note(what: string, doing: 'pass' | 'steal', lane: number): void
  /** Holds a lane; `moment` tells when it was told that it is lost. */
  keep(what: string, lane: number): Promise<void>
  moment(what: string, patience: number): Promise<number | undefined>
  lateness(): number
  /** Waits for a lane, goes through it, and tells how long it took, in ms. */
  wait(lane: number): Promise<number>
  /** What is held or waited for in any lane: at once if it is nothing. */
  leftOver(patience: number): Promise<string[]>
}

declare global {
  var faults: Faults
}
