/**
 * One clock for all threads. Each worker reads `performance.timeOrigin + performance.now()`;
 * browsers derive both from one steady clock of the machine, but the standard asks only for
 * "about the same", and a time origin is rounded on its own. So it is measured, by pings.
 */

/** The page's clock when a ping left and when its answer came; the worker's in between. */
export interface Ping {
  readonly sent: number
  readonly answered: number
  readonly received: number
}

export interface ClockOffset {
  /** What the worker's clock shows more than the page's, in ms. */
  readonly offset: number
  /** How far `offset` may be wrong, in ms. */
  readonly error: number
}

/** How many pings are worth sending: the quickest of ten is hardly ever a slow one. */
export const pingCount = 10

/**
 * From the quickest ping: the answer was given somewhere between its two ends, so that half of
 * its round trip bounds the error (Cristian, "Probabilistic clock synchronization", 1989).
 *
 * Where that leaves room for no offset at all, none is taken: the clocks most likely are one,
 * and a correction by mere measuring noise could put a grant before the release it waited for.
 *
 * @param resolution of both clocks, in ms: each reading may be off by as much
 */
export function estimateOffset(pings: readonly Ping[], resolution: number): ClockOffset {
  let quickest: Ping | undefined
  for (const ping of pings) {
    if (quickest === undefined || roundTrip(ping) < roundTrip(quickest)) quickest = ping
  }
  if (quickest === undefined) throw new RangeError('no clock can be told from no ping')
  const { sent, answered, received } = quickest
  const least = answered - received - resolution
  const most = answered - sent + resolution
  if (least <= 0 && most >= 0) return { offset: 0, error: Math.max(-least, most) }
  return { offset: (least + most) / 2, error: (most - least) / 2 }
}

function roundTrip({ sent, received }: Ping): number {
  return received - sent
}

/**
 * In ms: browsers make their clocks coarse against spying, by how much is theirs to choose. Busy
 * for a few ticks, which is 5 ms at the coarsest known (1 ms).
 */
export function clockResolution(read: () => number): number {
  let finest = Number.POSITIVE_INFINITY
  let last = read()
  for (let ticks = 0; ticks < 5; ) {
    const next = read()
    if (next === last) continue
    finest = Math.min(finest, next - last)
    last = next
    ticks++
  }
  return finest
}

/** How a worker's times become the scenario's: `start` is its time 0, on the page's clock. */
export interface TimeScale {
  readonly start: number
  readonly offset: number
  readonly speed: number
}

export function scenarioTime(time: number, { start, offset, speed }: TimeScale): number {
  return (time - offset - start) * speed
}
