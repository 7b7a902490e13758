/** One run of a workload as it comes in: what the pictures are drawn from while it goes on, and after. */

import type { LockEvent } from '../../../locks'
import { Account, type AgentRecord, type Recording } from '../../../observe'
import type { WorkloadCounts, WorkloadOutcome } from '../../../perform/workload'
import type { Workload } from '../../../scenario'
import { Lanes } from '../lanes/lanes'
import type { FrameCount } from './frames'
import { Pace } from './pace'
import { Series } from './series'

/**
 * A workload has no lines of code that ask for locks: who asks, and what for, stands for them, and the
 * profile tells which worker's reads or writes make the others wait.
 */
const siteOf = ({ agent, mode }: LockEvent) => `${agent}, ${mode === 'shared' ? 'read' : 'write'}`

/** Events that are kept for profile and exports. */
const mostEvents = 300_000

export class LiveRun {
  readonly workload: Workload
  readonly pace = new Pace()
  /** Before the first word from the workers there is nothing to draw. */
  lanes: Lanes | undefined
  series: Series | undefined
  counts: WorkloadCounts = { done: 0, writes: 0, lost: 0, dropped: 0 }
  frames: FrameCount = { drawn: 0, dropped: 0 }
  outcome: WorkloadOutcome | undefined
  /** Once the run has ended, however it did. */
  recording: Recording | undefined
  /** Events that came when there was no room for more: lanes have them, profile and exports do not. */
  unkept = 0
  private readonly events: LockEvent[] = []
  private readonly names: readonly string[]

  /** @param names of its agents, in the order of their lanes */
  constructor(workload: Workload, names: readonly string[]) {
    this.workload = workload
    this.names = names
  }

  /** @param start when the run began, on its events' clock */
  begin(start: number): void {
    if (this.lanes) return
    this.lanes = new Lanes({ start })
    this.series = new Series({ start })
    for (const name of this.names) this.lanes.addAgent(name)
  }

  take(events: readonly LockEvent[]): void {
    const [first] = events
    if (!first) return
    this.begin(first.time)
    for (const event of events) {
      this.lanes?.add(event)
      this.series?.add(event)
      if (this.events.length < mostEvents) this.events.push(event)
      else this.unkept++
    }
  }

  /** The profile is made when nothing is measured any more. */
  end(agents: readonly AgentRecord[] = []): void {
    const account = new Account({ capacity: mostEvents })
    this.events.sort((one, other) => one.time - other.time)
    for (const event of this.events) account.add({ ...event, site: event.site ?? siteOf(event) })
    this.recording = account.recording(agents)
    this.events.length = 0
  }

  /** ms */
  get duration(): number {
    return this.lanes?.end ?? 0
  }
}
