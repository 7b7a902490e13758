/** Asks a worker what its clock shows, often enough to tell how far it is off. */

import { type ClockOffset, estimateOffset, type Ping, pingCount } from './clocks'
import type { ThreadWorker } from './thread-worker'

/** Epoch ms on the page's clock: what the workers read on theirs. */
export function pageClock(): number {
  return performance.timeOrigin + performance.now()
}

export async function measureClock(worker: ThreadWorker, resolution: number): Promise<ClockOffset> {
  const pings: Ping[] = []
  while (pings.length < pingCount) {
    const sent = pageClock()
    const { time } = await worker.ask({ type: 'ping' }, 'pong')
    pings.push({ sent, answered: time, received: pageClock() })
  }
  return estimateOffset(pings, resolution)
}
