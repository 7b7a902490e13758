/**
 * How far two clocks of one machine are apart. Agents read `performance.timeOrigin +
 * performance.now()`; browsers derive both from one steady clock, but the standard asks only for
 * "about the same", and a time origin is rounded on its own. So it is measured, by pings.
 */

/** Our clock when a ping left and when its answer came; theirs in between. */
export interface Ping {
  readonly sent: number
  readonly answered: number
  readonly received: number
}

export interface ClockOffset {
  /** What their clock shows more than ours, in ms. */
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
