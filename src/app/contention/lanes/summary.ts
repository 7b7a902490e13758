/** Lanes in numbers, for who cannot see them: pure. */

import type { Lanes } from './lanes'
import type { Selection } from './selection'
import { kindCode } from './track'
import type { View } from './view'

export interface LaneSummary {
  readonly agent: string
  readonly holds: number
  /** ms, of what is in sight; shares may be above 1 where an agent has several tasks. */
  readonly held: number
  readonly heldShare: number
  readonly waits: number
  readonly waited: number
  readonly waitedShare: number
  readonly longest: Longest | undefined
}

export interface Longest {
  readonly ms: number
  readonly lock: string
  readonly selection: Selection
}

export function summaryOf(lanes: Lanes, { from, to }: View): readonly LaneSummary[] {
  const width = to - from
  return lanes.agents.map((agent, index) => {
    let [holds, held, waits, waited] = [0, 0, 0, 0]
    let longest: Longest | undefined
    for (const place of lanes.trackIndicesOf(index)) {
      const track = lanes.tracks[place]
      if (!track) continue
      for (let at = track.firstAfter(from); at < track.length; at++) {
        const begins = track.from[at] as number
        if (begins > to) break
        const ends = track.to[at] as number
        const inSight = Math.min(ends, to) - Math.max(begins, from)
        if (track.kind[at] !== kindCode.waiting) {
          holds++
          held += inSight
          continue
        }
        waits++
        waited += inSight
        if (ends - begins > (longest?.ms ?? 0)) {
          const lock = lanes.locks[track.lock[at] ?? 0] ?? '?'
          longest = { ms: ends - begins, lock, selection: { track: place, from: begins } }
        }
      }
    }
    return {
      agent,
      holds,
      held,
      heldShare: held / width,
      waits,
      waited,
      waitedShare: waited / width,
      longest,
    }
  })
}
