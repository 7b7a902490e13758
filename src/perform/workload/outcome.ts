/** What came of a run, from what its participants say in the end. Pure. */

import { type AgentRecord, Histogram } from '../../observe'
import type { Workload } from '../../scenario'
import type { ClockOffset } from '../clocks'
import { agentOf } from './names'
import type { Tally } from './participant'
import type { WorkloadCounts, WorkloadMechanism, WorkloadOutcome } from './types'

/** What one participant ended with. */
export interface ParticipantEnd {
  /** When its last section ended, in epoch ms of its own clock. */
  readonly at: number
  readonly tally: Tally
  readonly clock: ClockOffset
  /** Of its clock, in ms. */
  readonly resolution: number
}

export interface RunEnd {
  readonly workload: Workload
  readonly mechanism: WorkloadMechanism
  /** On the page's clock (epoch ms). */
  readonly startedAt: number
  /** Of the page's clock, in ms. */
  readonly resolution: number
  /** By participant. */
  readonly participants: readonly ParticipantEnd[]
  /** All counters together; `undefined` where each write was summed up by the one who alone wrote. */
  readonly counted: number | undefined
}

export function outcomeOf(end: RunEnd): WorkloadOutcome {
  const { workload, mechanism, startedAt, participants, counted } = end
  const tallies = participants.map(({ tally }) => tally)
  const ends = participants.map(({ at, clock }) => at - clock.offset)
  const [wait, hold] = [new Histogram(), new Histogram()]
  for (const tally of tallies) {
    wait.merge(tally.wait)
    hold.merge(tally.hold)
  }
  const counts = sumOf(tallies)
  return {
    workload,
    mechanism,
    startedAt,
    seconds: Math.max(0, Math.max(...ends) - startedAt) / 1000,
    ...counts,
    // What the counters really lack.
    lost: counted === undefined ? counts.lost : counts.writes - counted,
    aborted: tallies.reduce((total, { aborted }) => total + aborted, 0),
    wait: wait.data(),
    hold: hold.data(),
    agents: agentsOf(end),
    resolution: Math.max(...participants.map(({ resolution }) => resolution)),
  }
}

/** What recordings call the page whose workers they are. */
const thisPage = 'This page'

function agentsOf({ workload, resolution, participants }: RunEnd): readonly AgentRecord[] {
  // It asks for nothing, but its clock is that of all events.
  const page: AgentRecord = {
    ...{ agent: thisPage, kind: 'page', name: thisPage },
    ...{ offset: 0, uncertainty: 0, resolution, gaps: [] },
  }
  const workers = participants.map(({ clock, resolution }, participant): AgentRecord => {
    const name = agentOf(workload, participant)
    return {
      ...{ agent: name, kind: 'worker', name },
      page: participant < workload.workers ? thisPage : undefined,
      ...{ offset: -clock.offset, uncertainty: clock.error, resolution, gaps: [] },
    }
  })
  return [page, ...workers]
}

const nothing: WorkloadCounts = { done: 0, writes: 0, lost: 0, dropped: 0 }

/** Of those that have said anything. */
export function sumOf(parts: readonly (WorkloadCounts | undefined)[]): WorkloadCounts {
  return parts.reduce<WorkloadCounts>(
    (total, part = nothing) => ({
      done: total.done + part.done,
      writes: total.writes + part.writes,
      lost: total.lost + part.lost,
      dropped: total.dropped + part.dropped,
    }),
    nothing,
  )
}
