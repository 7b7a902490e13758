/** Says in words who stood in the way of a wait that gave up. */

import type { LockParty, WaitReport } from './errors'
import { noBus } from './ports/bus'
import type { RequestInfo } from './ports/port'
import { show } from './show'
import type { Space } from './space'
import { askOthers, holds, localParties, type Parties, queuesFor } from './who-holds'

/** How long other agents are given to say what they hold, in ms. */
const answerDeadline = 100

export interface Explanation {
  readonly words: string
  readonly report: WaitReport
}

/** @param entries what this agent held and waited for when the wait was given up */
export async function explain(
  { name, space }: { readonly name: string; readonly space: Space },
  entries: readonly RequestInfo[],
): Promise<Explanation> {
  const report = await waitReport(space, name, entries)
  return { words: describeReport(report, space.agent), report }
}

/** Exact for this agent; asked of the others, with the rest counted as unknown. */
async function waitReport(
  space: Space,
  name: string,
  entries: readonly RequestInfo[],
): Promise<WaitReport> {
  const own = localParties(space, name, entries)
  const port = space.ports.strict
  if (port.bus === noBus) {
    return { holders: own.holders, waiters: own.waiters, unknownHolders: 0, unknownWaiters: 0 }
  }
  const snapshot = await port.query().catch(() => ({ held: [], pending: [] }))
  const held = snapshot.held.filter((entry) => holds(name, entry.name)).length
  const pending = snapshot.pending.filter((entry) => queuesFor(name, entry.name)).length
  // Of this agent's, some may have been granted or have gone while it was taken.
  const now = localParties(space, name)
  const heldEntries = Math.max(own.heldEntries, now.heldEntries)
  const pendingEntries = Math.max(own.pendingEntries, now.pendingEntries)
  const missing = (answers: readonly Parties[]) => {
    const all = [{ heldEntries, pendingEntries }, ...answers]
    return {
      holders: Math.max(0, held - all.reduce((sum, each) => sum + each.heldEntries, 0)),
      waiters: Math.max(0, pending - all.reduce((sum, each) => sum + each.pendingEntries, 0)),
    }
  }
  const settled = (answers: readonly Parties[]) => {
    const left = missing(answers)
    return left.holders + left.waiters === 0
  }
  const answers = settled([]) ? [] : await askOthers(space, name, settled, answerDeadline)
  const left = missing(answers)
  return {
    holders: [own, ...answers].flatMap((each) => each.holders),
    waiters: [own, ...answers].flatMap((each) => each.waiters),
    unknownHolders: left.holders,
    unknownWaiters: left.waiters,
  }
}

function describeReport(report: WaitReport, agent: string): string {
  const holders = report.holders.map((party) => describeParty(party, agent))
  if (report.unknownHolders > 0) {
    holders.push(
      `${report.unknownHolders} unknown (a frozen or busy agent, or not a Latchkey user)`,
    )
  }
  const waiters = report.waiters.length + report.unknownWaiters
  const held = holders.length > 0 ? `held by ${holders.join(', ')}` : 'not held by now'
  return `${held}; ${waiters === 0 ? 'nobody else waits' : `${waiters} more waiting`}`
}

function describeParty({ agent, task, mode, for: ms, site }: LockParty, own: string): string {
  const where = agent === own ? 'in this agent' : `in agent ${agent}`
  const taken = site === undefined ? '' : `, taken at ${site}`
  return `task ${show(task)} ${where} (${mode}, for ${Math.round(ms)} ms${taken})`
}
