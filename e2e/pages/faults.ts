/**
 * A page of the fault suite: it ends workers of its own at random moments and sees what becomes of
 * the others (`faults-deaths.ts`), or is itself the tab to which something happens.
 */

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

globalThis.faults = {
  endWorkers,

  async be(options) {
    const { memory } = globalThis.faults
    agent = new FaultAgent({ ...options, memory })
    await agent.lanes.locks?.ready()
  },

  memory: undefined,

  contend(lanes, tasks) {
    me().contend(lanes, tasks).catch(report)
  },

  stop: () => me().stop(),

  async take(role, lane) {
    await me().take(role, lane)
  },

  note(what, doing, lane) {
    const done = doing === 'pass' ? me().pass(lane) : me().steal(lane)
    moments.set(what, done.then(now))
  },

  async keep(what, lane) {
    const { lost } = await me().keep(lane)
    moments.set(what, lost.then(now))
  },

  moment(what, patience) {
    const never = new Promise<undefined>((resolve) => setTimeout(resolve, patience))
    return Promise.race([moments.get(what), never])
  },

  names: () => me().lanes.names(),
}

interface Faults {
  endWorkers(plan: Plan): Promise<Deaths>
  /** Of a page that opens others, or was opened: what they stand on. */
  memory: SharedArrayBuffer | undefined
  be(options: Omit<AgentOptions, 'memory'>): Promise<void>
  /** From now on, until it is stopped. */
  contend(lanes: readonly number[], tasks: number): void
  stop(): void
  take(role: Role, lane: number): Promise<void>
  /** Begins to wait for a lane, or to steal it; `moment` tells when it has done so. */
  note(what: string, doing: 'pass' | 'steal', lane: number): void
  /** Holds a lane; `moment` tells when it was told that it is lost. */
  keep(what: string, lane: number): Promise<void>
  moment(what: string, patience: number): Promise<number | undefined>
  names(): Promise<string[]>
}

declare global {
  var faults: Faults
}
