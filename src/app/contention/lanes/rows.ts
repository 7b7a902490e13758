/** Where each track lies in the picture: pure. */

import type { Lanes } from './lanes'
import type { Row } from './merge'

export interface LaneRow extends Row {
  /** An index of `Lanes.tracks`. */
  readonly track: number
}

export interface AgentRow {
  readonly agent: number
  readonly top: number
  readonly height: number
}

export interface Layout {
  readonly rows: readonly LaneRow[]
  readonly agents: readonly AgentRow[]
  readonly height: number
}

/** Above the lanes, for the axis. */
export const axisHeight = 26
const gap = 6

/** Few lanes are high enough for a word in their bars, many still fit the window. */
export function layoutOf(lanes: Pick<Lanes, 'agents' | 'tracks' | 'trackIndicesOf'>): Layout {
  const pitch = pitchOf(Math.max(lanes.tracks.length, lanes.agents.length))
  const rows: LaneRow[] = []
  const agents: AgentRow[] = []
  let top = axisHeight
  for (let agent = 0; agent < lanes.agents.length; agent++) {
    const own = lanes.trackIndicesOf(agent)
    for (const [place, track] of own.entries()) {
      rows.push({ track, middle: top + pitch * (place + 0.5), height: pitch * 0.78 })
    }
    const height = Math.max(1, own.length) * pitch
    agents.push({ agent, top, height })
    top += height + gap
  }
  return { rows, agents, height: top }
}

function pitchOf(count: number): number {
  if (count <= 10) return 36
  if (count <= 20) return 24
  if (count <= 40) return 14
  return count <= 100 ? 8 : 4
}

export function rowAt({ rows }: Layout, y: number): LaneRow | undefined {
  return rows.find(({ middle, height }) => Math.abs(y - middle) <= height * 0.64)
}
