/**
 * Who is drawn on which track, where slices of one track may nest but never overlap otherwise. Tasks
 * of one agent overlap as they like, so an agent gets as many lanes as it needs, first fit.
 */

import type { Acquisition } from './acquisitions'

export interface Box {
  readonly start: number
  readonly end: number
  /** From when on something may lie inside it, and whose. */
  readonly inner: number
  readonly owner: string
  readonly lock: string
  /** What began at one time lies inside only of what was there before. */
  readonly place: number
}

/** @param boxes by their start, then place @returns the lane of each, from 0 on */
export function layOut(boxes: readonly Box[]): readonly number[] {
  /** What is open on each lane, the innermost last. */
  const lanes: Box[][] = []
  return boxes.map((box) => {
    for (const open of lanes) close(open, box.start)
    const nesting = lanes.findIndex((open) => holds(open, box))
    const lane = nesting >= 0 ? nesting : firstEmpty(lanes)
    lanes[lane]?.push(box)
    return lane
  })
}

function close(open: Box[], time: number): void {
  for (let top = open.at(-1); top !== undefined && top.end <= time; top = open.at(-1)) open.pop()
}

/**
 * What a task does while it holds a lock is drawn inside that hold, as a call inside its caller. Tasks
 * may share a name: who asks for the lock that is held is another one.
 */
function holds(open: readonly Box[], { owner, lock, start, end, place }: Box): boolean {
  const top = open.at(-1)
  if (top?.owner !== owner || start < top.inner || top.end < end) return false
  if (place < top.place) return false
  return open.every((each) => each.lock !== lock)
}

function firstEmpty(lanes: Box[][]): number {
  const empty = lanes.findIndex((open) => open.length === 0)
  return empty >= 0 ? empty : lanes.push([]) - 1
}

export interface Lane {
  readonly agent: string
  /** Which of its agent's lanes, from 0 on. */
  readonly index: number
  /** By their start. */
  readonly acquisitions: readonly Acquisition[]
}

/** The lanes of each agent, in the order in which agents first asked for something. */
export function lanesOf(acquisitions: readonly Acquisition[]): readonly Lane[] {
  const byAgent = new Map<string, Acquisition[]>()
  for (const each of acquisitions) {
    const own = byAgent.get(each.agent)
    if (own === undefined) byAgent.set(each.agent, [each])
    else own.push(each)
  }
  return [...byAgent].flatMap(([agent, own]) => {
    const places = layOut(own.map(boxOf))
    const lanes: Acquisition[][] = []
    for (const [at, each] of own.entries()) {
      const index = places[at] ?? 0
      lanes[index] ??= []
      lanes[index].push(each)
    }
    return lanes.map((acquisitions, index) => ({ agent, index, acquisitions }))
  })
}

function boxOf({ start, end, granted, task, lock, place }: Acquisition): Box {
  // Inside a wait nothing of its own task can happen.
  return { start, end, inner: granted ?? end, owner: task, lock, place }
}
