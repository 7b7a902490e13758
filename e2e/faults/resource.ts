/** The witness beside the browser: a server that pages and workers of every origin may ask. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { agentOf, type Entry, kinds } from './log'

export interface Resource {
  readonly url: string
  readonly entries: readonly Entry[]
  /** Entries and exits so far. */
  readonly sections: number
  /** When the connection was cut that this agent clung to: ms since the epoch. */
  endOf(agent: number): number | undefined
  /** The longest time, in ms, in which nobody was seen in the lane since it was to be watched. */
  standstill(lane: number): number
  /** Notes it, as if somebody had asked. */
  tell(kind: 'killed' | 'watch', lane: number, hold: number): void
  close(): void
}

interface Lane {
  inside: number
  value: number
  writer: number
  /** The agent that does not count when it is seen. */
  victim: number
  /** When somebody was seen in it last: ms since the epoch. */
  seen: number
  gap: number
}

const emptyLane = { inside: 0, value: 0, writer: 0, victim: 0, seen: 0, gap: 0 }

export async function startResource(): Promise<Resource> {
  const entries: Entry[] = []
  const lanes = new Map<number, Lane>()
  let sections = 0

  const answer = (what: string, index: number, hold: number, value: number): string => {
    const lane = lanes.get(index) ?? { ...emptyLane }
    lanes.set(index, lane)
    if (agentOf(hold) !== lane.victim && ['enter', 'touch', 'leave'].includes(what)) {
      const time = Date.now()
      lane.gap = Math.max(lane.gap, time - lane.seen)
      lane.seen = time
    }
    const note = (kind: Entry['kind'], of: number, other: number) => {
      entries.push({ kind, lane: index, hold: of, other })
    }
    switch (what) {
      case 'enter':
        // Again from the same one: its answer was cut off.
        if (lane.inside !== 0 && lane.inside !== hold) note('overlap', lane.inside, hold)
        lane.inside = hold
        return String(lane.value)
      case 'leave':
        if (lane.writer === hold) return 'left'
        if (lane.inside !== hold) note('ousted', hold, lane.inside)
        else lane.inside = 0
        if (lane.value !== value) note('conflict', hold, lane.writer)
        lane.value = value + 1
        lane.writer = hold
        sections++
        return 'left'
      case 'touch':
        if (lane.inside === hold) return 'inside'
        note('ousted', hold, lane.inside)
        return 'ousted'
      case 'watch':
        Object.assign(lane, { victim: hold, seen: Date.now(), gap: 0 })
        return 'watched'
      case 'standstill':
        return String(lane.gap)
      default: {
        const kind = kinds.find((each) => each === what)
        if (kind === undefined) throw new Error(`nobody can do this: ${what}`)
        note(kind, hold, 0)
        return 'noted'
      }
    }
  }

  /** By agent. */
  const ends = new Map<number, number>()

  const server = createServer(({ url = '' }, response) => {
    const [, what = '', ...numbers] = url.split('/')
    const [lane = 0, hold = 0, value = 0] = numbers.map(Number)
    if (what === 'cling') {
      // Never answered. What stood still because of it, does so from its end on.
      response.on('close', () => {
        ends.set(lane, Date.now())
        for (const [index, { victim }] of lanes) {
          if (victim === lane) answer('watch', index, victim, 0)
        }
      })
      return
    }
    response.writeHead(200, { 'access-control-allow-origin': '*', 'cache-control': 'no-store' })
    response.end(what === 'favicon.ico' ? '' : answer(what, lane, hold, value))
  })
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    entries,
    get sections() {
      return sections
    },
    endOf: (agent) => ends.get(agent),
    standstill: (lane) => Number(answer('standstill', lane, 0, 0)),
    tell(kind, lane, hold) {
      answer(kind, lane, hold, 0)
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
