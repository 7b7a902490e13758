/**
 * What a participant saw, as numbers: five for each event, in arrays that are handed over instead of
 * copied. A participant that does more than can be drawn leaves whole acquisitions out and says how
 * many; those that it lets in are told to their end.
 */

import type { LockEvent } from '../../locks'
import type { Action, Workload } from '../../scenario'
import { agentOf, lockOf, modeOf, taskOf } from './names'

const types = ['request', 'grant', 'release', 'abort'] as const
type LoggedType = (typeof types)[number]

const width = 5

/** One acquisition that is logged, or one that is left out. */
export interface Logged {
  note(type: Exclude<LoggedType, 'request'>, time: number): void
}

const leftOut: Logged = { note() {} }

export class EventLog {
  #rows: number[] = []
  #serial = 0
  #room: number
  readonly #quota: number
  /** Acquisitions that were left out. */
  dropped = 0

  /** @param quota how many acquisitions may begin between two batches */
  constructor(quota: number) {
    this.#quota = quota
    this.#room = quota
  }

  /** @param time in ms, on whatever clock the batches are read with */
  request(runner: number, { key, mode }: Action, time: number): Logged {
    if (this.#room === 0) {
      this.dropped++
      return leftOut
    }
    this.#room--
    const serial = this.#serial++
    const push = (type: LoggedType, at: number) => {
      const code = types.indexOf(type) * 2 + (mode === 'read' ? 1 : 0)
      this.#rows.push(code, at, runner, key, serial)
    }
    push('request', time)
    return { note: push }
  }

  /** Everything since the last batch; there is room again. */
  take(): Float64Array<ArrayBuffer> {
    const rows = Float64Array.from(this.#rows)
    this.#rows = []
    this.#room = this.#quota
    return rows
  }
}

/** How many acquisitions of all participants together are told in one batch of each. */
const perBatch = 3_000

export function quotaFor(participants: number): number {
  return Math.ceil(perBatch / participants)
}

/**
 * The events of a batch.
 * @param offset what its clock shows more than the page's, in ms
 */
export function readBatch(
  rows: Float64Array,
  workload: Workload,
  participant: number,
  offset: number,
): readonly LockEvent[] {
  const agent = agentOf(workload, participant)
  const events: LockEvent[] = []
  for (let at = 0; at + width <= rows.length; at += width) {
    const [code = 0, time = 0, runner = 0, key = 0, serial = 0] = rows.subarray(at, at + width)
    const type = types[code >> 1]
    if (type === undefined) throw new RangeError(`no event has the code ${code}`)
    events.push({
      type,
      time: time - offset,
      agent,
      task: taskOf(workload, runner),
      lock: lockOf(workload, key),
      mode: modeOf(workload, { mode: code & 1 ? 'read' : 'write' }),
      request: `${participant}.${serial}`,
    })
  }
  return events
}
