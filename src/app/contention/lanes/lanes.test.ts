import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LockEvent } from '../../../locks'
import { acquisition, randomRun } from '../testing/random-run'
import { Lanes } from './lanes'
import { longestWait, spanAt, spanOf, spanWords } from './selection'
import { kindCode } from './track'

function lanesOf(events: readonly LockEvent[], options: { start: number; limit?: number }) {
  const lanes = new Lanes(options)
  for (const event of events) lanes.add(event)
  return lanes
}

/** In batches by agent, as workers report. */
function batched(events: readonly LockEvent[], every: number): LockEvent[] {
  const batchOf = ({ time }: LockEvent) => Math.floor(time / every)
  return events.toSorted(
    (a, b) => batchOf(a) - batchOf(b) || compare(a.agent, b.agent) || a.time - b.time,
  )
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const seeds = fc.integer({ min: 0, max: 2 ** 31 })

describe('Lanes', () => {
  it('keeps spans that follow one another, each as long as it was', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { events, start, waited } = randomRun(seed, { acquisitions: 200, agents: 5 })
        const lanes = lanesOf(batched(events, 20), { start })
        expect(lanes.tracks).toHaveLength(5)
        let waits = 0
        const odd: (readonly [number, number])[] = []
        for (const track of lanes.tracks) {
          for (let at = 0; at < track.length; at++) {
            const [from = 0, to = 0] = [track.from[at], track.to[at]]
            if (to < from || (at > 0 && from < (track.to[at - 1] ?? 0))) odd.push([from, to])
            if (track.kind[at] === kindCode.waiting) waits += to - from
          }
        }
        expect(odd).toEqual([])
        expect(waits).toBeCloseTo(waited, 5)
      }),
      { numRuns: 40 },
    )
  })

  it('knows which release let each waiting grant in, whoever reports first', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { events, start } = randomRun(seed, { acquisitions: 200, agents: 5, locks: 3 })
        const lanes = lanesOf(batched(events, 20), { start })
        const flows = lanes.handOns.between(0, lanes.end, 10_000)
        const asked = new Map(
          events.filter((e) => e.type === 'request').map((e) => [e.request, e.time]),
        )
        const contended = events.filter(
          (e) => e.type === 'grant' && e.time > (asked.get(e.request) ?? 0),
        )
        expect(flows).toHaveLength(contended.length)
        const odd = flows.filter(
          ({ from, to }) => Math.abs(from.time - to.time) > 1e-9 || from.track === to.track,
        )
        expect(odd).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  it('knows that nobody let in who asked for a free lock, however long asking took', () => {
    const lanes = lanesOf(
      [
        ...acquisition({ request: 'a', agent: 'w1', from: 0, granted: 0, released: 10 }),
        ...acquisition({ request: 'b', agent: 'w2', from: 50, granted: 52, released: 60 }),
      ],
      { start: 0 },
    )
    expect(lanes.handOns.between(0, 100, 10)).toEqual([])
    const wait = spanOf(lanes, { track: 1, from: 50 })
    expect(wait && spanWords(lanes, wait, () => 'W')).toBe(
      'W waited 2.00 ms for cart, from 50.0 ms on.',
    )
  })

  it('gives tasks of one agent that overlap tracks of their own', () => {
    const lanes = lanesOf(
      [
        ...acquisition({ request: 'a', from: 0, granted: 0, released: 50 }),
        ...acquisition({ request: 'b', from: 10, granted: 50, released: 60 }),
        ...acquisition({ request: 'c', from: 55, granted: 60, released: 70 }),
      ].sort((x, y) => x.time - y.time),
      { start: 0 },
    )
    expect(lanes.trackIndicesOf(0)).toEqual([0, 1])
    expect(lanes.tracks[0]?.length).toBe(3)
  })

  it('forgets the older half beyond its limit, and says from when on it knows', () => {
    const { events, start } = randomRun(7, { acquisitions: 2_000 })
    const lanes = lanesOf(events, { start, limit: 500 })
    expect(lanes.spanCount).toBeLessThanOrEqual(500)
    expect(lanes.knownFrom).toBeGreaterThan(lanes.end / 4)
    const held = lanes.tracks.reduce((sum, { length }) => sum + length, 0)
    expect(held).toBe(lanes.spanCount)
    expect(lanes.events).toBe(6_000)
    for (const { to } of lanes.handOns.between(0, lanes.end, 10_000)) {
      expect(to.time).toBeGreaterThanOrEqual(lanes.knownFrom)
    }
  })

  it('shows what is under way, and a wait that was given up', () => {
    const [request, grant] = acquisition({ request: 'a', from: 0, granted: 5, released: 9 })
    if (!request || !grant) throw new Error('no events')
    const lanes = lanesOf([request, grant], { start: 0 })
    expect([...lanes.openSpans()]).toEqual([
      { track: 0, lock: 0, mode: 'exclusive', waits: false, from: 5 },
    ])
    const given = lanesOf([request, { ...request, type: 'timeout', time: 30 }], { start: 0 })
    expect([...given.openSpans()]).toEqual([])
    expect(spanAt(given, 0, 0)).toMatchObject({ kind: 'waiting', from: 0, to: 30 })
    expect(given.handOns.between(0, 100, 10)).toEqual([])
  })
})

describe('a selected span', () => {
  const lanes = lanesOf(
    [
      ...acquisition({ request: 'a', agent: 'w1', from: 0, granted: 0, released: 50 }),
      ...acquisition({ request: 'b', agent: 'w2', from: 10, granted: 50, released: 60 }),
    ].sort((x, y) => x.time - y.time),
    { start: 0 },
  )
  const names = (agent: number) => `Worker ${agent + 1}`

  it('is told in words, with who let it in and whom it let in', () => {
    const longest = longestWait(lanes, 0, 100)
    expect(longest).toEqual({ track: 1, from: 10 })
    const wait = longest && spanOf(lanes, longest)
    const hold = spanOf(lanes, { track: 0, from: 0 })
    if (!wait || !hold) throw new Error('no span')
    expect(spanWords(lanes, wait, names)).toBe(
      'Worker 2 waited 40.0 ms for cart, from 10.0 ms on. It was let in by Worker 1.',
    )
    expect(spanWords(lanes, hold, names)).toBe(
      'Worker 1 held cart for 50.0 ms, from 0.0 ms on. Then came Worker 2.',
    )
  })

  it('is nothing where there is none', () => {
    expect(spanOf(lanes, { track: 0, from: 3 })).toBeUndefined()
    expect(spanOf(lanes, { track: 9, from: 3 })).toBeUndefined()
    expect(longestWait(lanes, 60, 100)).toBeUndefined()
  })
})
