/**
 * One clock for all threads. Each worker reads `performance.timeOrigin + performance.now()`;
 * browsers derive both from one steady clock of the machine, but the standard asks only for
 * "about the same", and a time origin is rounded on its own. So it is measured, by pings.
 */

export { type ClockOffset, estimateOffset, type Ping, pingCount } from '../observe/clock-offset'

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
