/** Several recordings as one: of several agents, or of one agent one after the other. */

import type { LockEvent } from '../locks'
import { checkNumber, refuse } from '../locks/arguments'
import { Ledger } from './blame'
import { Tallies } from './lock-tally'
import type { AgentRecord, LockRecord, Recording } from './recording'

export interface MergeOptions {
  /** How many events the result keeps, the latest. Default: all. */
  readonly capacity?: number | undefined
}

/**
 * Adds up what several recordings say. Their events must be on one clock: `collect()` sees to it.
 * Counts and histograms stay exact. Each recording's delays were charged by what its own agent
 * knew: a wait behind a hold of another agent is charged to the waiter only.
 *
 * @throws TypeError for no recording at all
 * @example
 * const recorder = record(locks)
 * const first = recorder.recording()
 * recorder.clear()
 * const both = merge([first, recorder.recording()])
 * recorder.stop()
 */
export function merge(recordings: readonly Recording[], options: MergeOptions = {}): Recording {
  const { capacity = Number.POSITIVE_INFINITY } = options
  checkNumber('capacity', capacity, 0, Number.POSITIVE_INFINITY)
  const [first] = recordings
  if (first === undefined) refuse('recordings', 'be at least one', recordings)
  const ledger = new Ledger()
  for (const { contention } of recordings) for (const row of contention) ledger.charge(row)
  const all = recordings.flatMap(({ events }) => events)
  const events = latest(inOrder(all), capacity)
  const dropped = recordings.reduce((sum, each) => sum + each.dropped, all.length - events.length)
  return {
    format: 'latchkey-recording',
    version: 1,
    from: recordings.reduce((least, { from }) => Math.min(least, from), first.from),
    to: recordings.reduce((most, { to }) => Math.max(most, to), first.to),
    // Findings estimate by it: rather too little than too much.
    sample: recordings.reduce((least, { sample }) => Math.min(least, sample), first.sample),
    agents: agentsOf(recordings),
    locks: locksOf(recordings),
    contention: ledger.records(),
    events,
    dropped,
  }
}

/** Stable, so that what one agent knows of the order at one time is kept. */
function inOrder(events: readonly LockEvent[]): readonly LockEvent[] {
  return [...events].sort((a, b) => a.time - b.time)
}

function latest(events: readonly LockEvent[], capacity: number): readonly LockEvent[] {
  return events.length > capacity ? events.slice(events.length - capacity) : events
}

/** The latest that each agent said of itself, with all of its gaps. */
function agentsOf(recordings: readonly Recording[]): readonly AgentRecord[] {
  const agents = new Map<string, AgentRecord>()
  for (const agent of recordings.flatMap((each) => each.agents)) {
    const { gaps = [] } = agents.get(agent.agent) ?? {}
    const known = new Map([...gaps, ...agent.gaps].map((gap) => [`${gap.why} ${gap.from}`, gap]))
    agents.set(agent.agent, { ...agent, gaps: [...known.values()] })
  }
  return [...agents.values()]
}

function locksOf(recordings: readonly Recording[]): readonly LockRecord[] {
  const tallies = new Tallies()
  const unmeasured = new Map<string, number>()
  for (const record of recordings.flatMap(({ locks }) => locks)) {
    const { lock, mode } = record
    tallies.of(lock, mode).add(record)
    if (record.unmeasured === undefined) continue
    const key = `${mode} ${lock}`
    unmeasured.set(key, (unmeasured.get(key) ?? 0) + record.unmeasured)
  }
  return tallies.records().map((record) => {
    const some = unmeasured.get(`${record.mode} ${record.lock}`)
    return some === undefined ? record : { ...record, unmeasured: some }
  })
}
