/** The stranger in another tab: knows nothing of the library, asks for the raw lock. */

import { moment, now, shortSleep } from './time'

export interface ForeignWait {
  /** When it asked: ms since the epoch. */
  readonly at: number
  /** How long it waited, in ms. */
  readonly wait: number
}

/** Asks again and again, a few ms apart; the pauses vary, so that no rhythm of others is met. */
export async function contend(order: {
  readonly name: string
  readonly at: number
  readonly ms: number
  /** The longest pause between a release and the next request, in ms. */
  readonly pause: number
}): Promise<readonly ForeignWait[]> {
  const { name, at, ms, pause } = order
  const waits: ForeignWait[] = []
  await moment(at)
  while (now() < at + ms) {
    const asked = now()
    await navigator.locks.request(name, () => {
      waits.push({ at: asked, wait: now() - asked })
    })
    await shortSleep(Math.random() * pause)
  }
  return waits
}
