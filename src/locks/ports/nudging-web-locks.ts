/**
 * Web Locks that do not trust the browser's queue to move by itself.
 *
 * Chromium leaves a page in the back/forward cache the locks that it holds, and ends the page when
 * somebody asks for one. Who asked just before it went there is forgotten, and waits until anybody
 * asks again (seen in Chromium 156, in most navigations within milliseconds of a request). Our own
 * pages let go when they leave, but a raw holder does not, nor a worker, nor a try that was under
 * way, which cannot be withdrawn. So whoever waits for long asks once more, and withdraws that.
 */

import { MintingWebLocksPort } from './minting-web-locks'
import type { Answer, PortRequest } from './port'

/** How often to look for those who wait, in ms: at first, and when all have waited for long. */
const often = 1000
const seldom = 10_000
/** How many looks are often. */
const young = 10

export class NudgingWebLocksPort extends MintingWebLocksPort {
  /** How often each was seen to wait. */
  #seen = new Map<PortRequest, number>()
  #stop: (() => void) | undefined
  #isSoon = false

  override acquire(request: PortRequest): Answer {
    if (!this.#isSoon) this.#lookIn(often)
    return super.acquire(request)
  }

  #lookIn(delay: number): void {
    this.#stop?.()
    this.#isSoon = delay === often
    this.#stop = this.clock.after(delay, () => {
      this.#isSoon = false
      this.#look()
    })
  }

  #look(): void {
    const waits = [...this.live()].filter(({ grantedAt }) => grantedAt < 0)
    const seen = new Map(waits.map((each) => [each, (this.#seen.get(each) ?? 0) + 1]))
    this.#seen = seen
    // Rarer and rarer: at 1, 2, 4, 8 looks, and so on.
    const due = waits.filter((each) => Number.isInteger(Math.log2(seen.get(each) ?? 0)))
    for (const name of new Set(due.map(({ name }) => name))) this.#nudge(name)
    if (waits.length === 0) return
    this.#lookIn(waits.some((each) => (seen.get(each) ?? 0) < young) ? often : seldom)
  }

  /** Shared: whoever queues behind it in the meantime would have to wait anyhow. */
  async #nudge(name: string): Promise<void> {
    const withdraw = new AbortController()
    const { signal } = withdraw
    this.locks.request(name, { mode: 'shared', signal }, () => {}).catch(() => {})
    // The browser answers when it has seen the request.
    await this.query().catch(() => {})
    withdraw.abort()
  }
}
