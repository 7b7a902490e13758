/** Asks a worker what its clock shows, often enough to tell how far it is off. */

import { type ClockOffset, estimateOffset, type Ping, pingCount } from './clocks'
import type { ThreadWorker } from './thread-worker'

/** Epoch ms on the page's clock: what the workers read on theirs. */
export function pageClock(): number {
  return performance.timeOrigin + performance.now()
}

export function measureClock(worker: ThreadWorker, resolution: number): Promise<ClockOffset> {
  return measureOffset(async () => (await worker.ask({ type: 'ping' }, 'pong')).time, resolution)
}

/**
 * @param ask what the other clock shows, in epoch ms
 * @param resolution of both clocks, in ms
 */
export async function measureOffset(
  ask: () => Promise<number>,
  resolution: number,
): Promise<ClockOffset> {
  const pings: Ping[] = []
  while (pings.length < pingCount) {
    const sent = pageClock()
    const answered = await ask()
    pings.push({ sent, answered, received: pageClock() })
  }
  return estimateOffset(pings, resolution)
}
