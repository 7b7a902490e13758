/** The agents of a recording by page, for formats that have processes with threads in them. */

import type { AgentRecord, Recording } from '../recording'

export interface Page {
  readonly name: string
  /** The page itself first. */
  readonly agents: readonly CastMember[]
}

export type CastMember = Pick<AgentRecord, 'agent' | 'kind' | 'name' | 'page' | 'gaps'>

/** An agent whose page is not recorded stands for itself; so does one that is known by events only. */
export function castOf({ agents, events }: Recording): readonly Page[] {
  const members = new Map<string, CastMember>(agents.map((each) => [each.agent, each]))
  for (const { agent } of events) {
    if (members.has(agent)) continue
    members.set(agent, { agent, kind: 'page', name: agent, gaps: [] })
  }
  const pages = new Map<string, { name: string; agents: CastMember[] }>()
  const homeOf = (member: CastMember) => members.get(member.page ?? '') ?? member
  for (const member of members.values()) {
    const home = homeOf(member)
    const page = pages.get(home.agent) ?? { name: home.name || home.agent, agents: [] }
    pages.set(home.agent, page)
    if (member === home) page.agents.unshift(member)
    else page.agents.push(member)
  }
  return [...pages.values()]
}
