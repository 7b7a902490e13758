/** Puts together what agents have told and what the mechanism lists. Knows no clock and no bus. */

import type { Party, Told } from './protocol'
import type { Listed } from './raw-use'
import type { Found } from './sightings'
import type { AgentView, LocksView, LockView, PartyView } from './view'

/** An agent that has told something. */
export interface Known {
  readonly told: Told
  readonly own: boolean
  readonly silent: boolean
}

export interface Seen {
  /** In ms since the epoch. */
  readonly time: number
  /** The own one first. */
  readonly agents: readonly Known[]
  /** What the mechanism lists. */
  readonly listed: readonly Listed[]
  /** Of which nobody tells. */
  readonly found: readonly Found[]
}

export function compose({ time, agents, listed, found }: Seen): LocksView {
  const locks = new Map<string, { holders: PartyView[]; waiters: PartyView[] }>()
  const add = (name: string, held: boolean, party: PartyView) => {
    const lock = locks.get(name) ?? { holders: [], waiters: [] }
    locks.set(name, lock)
    if (held) lock.holders.push(party)
    else lock.waiters.push(party)
  }
  for (const known of agents) {
    for (const party of partiesOf(known, listed)) add(party.name, party.held, view(known, party))
  }
  for (const { name, held, ...party } of found) {
    add(name, held, { ...party, kind: 'unknown', silent: false })
  }
  return {
    time,
    locks: [...locks]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { holders, waiters }]): LockView => {
        return { name, holders: holders.sort(bySince), waiters: waiters.sort(bySince) }
      }),
    agents: agents.map(agentView),
    omitted: agents.reduce((sum, { told }) => sum + told.omitted, 0),
  }
}

/** What is listed and nobody speaks for. */
export function strangers<E extends Listed>(
  agents: readonly Known[],
  listed: readonly E[],
): readonly E[] {
  const speaks = new Map(agents.map((known) => [known.told.client, known]))
  return listed.filter(({ client, name, held }) => {
    const known = speaks.get(client)
    if (known === undefined) return true
    // What it has got since it fell silent: by blocking its thread, for instance.
    const told = known.told.parties.some((each) => each.name === name && each.held === held)
    return known.silent && !told
  })
}

/** What a silent one said last counts only for locks that the mechanism lists it with. */
function partiesOf(
  { told: { parties, client }, silent }: Known,
  listed: readonly Listed[],
): readonly Party[] {
  if (!silent) return parties
  const names = new Set(listed.filter((each) => each.client === client).map(({ name }) => name))
  return parties.filter(({ name }) => names.has(name))
}

function view({ told: { agent }, own, silent }: Known, party: Party): PartyView {
  const { name: _name, held: _held, ...said } = party
  return { agent, ...said, own, kind: 'latchkey', silent }
}

function agentView({ told: { agent, title }, own, silent }: Known): AgentView {
  return { agent, title, own, silent }
}

/** Stable: those of one agent stay in their order. */
function bySince(a: PartyView, b: PartyView): number {
  return a.since - b.since
}
