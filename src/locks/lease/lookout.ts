/**
 * Looks, for those of this agent who wait, whether what they wait for is held under a lease that has
 * run out. One look for all of them, now and then while somebody waits.
 */

import type { More } from '../acquisition'
import type { PortSnapshot } from '../ports/port'
import type { Space } from '../space'
import { letEnd } from './let-end'
import { isBeside, type Leases, leasesOf, markerName } from './marker'
import { rob } from './theft'

/** A holder counts on its lease for so much less than others do, in ms: clocks are read late. */
const margin = 200
/** Most waits end before it is worth looking, in ms. */
const first = 100
/** How often to look at most and, when all have waited for long, at least, in ms. */
const often = 1000
const seldom = 5000
/** How many looks are often. */
const young = 10
/** How often to look for a lease about to run out, in ms. */
const least = 20

export class Lookout {
  #stop: (() => void) | undefined
  #looking = false
  #looks = 0
  /** What tells of leases, and since when it was seen, by the steady clock. */
  #seen = new Map<string, number>()
  /** Locks that are being taken from their holders. */
  readonly #thefts = new Set<string>()

  /** How many wait. */
  #waits = 0
  #resting = false

  constructor(readonly space: Space) {}

  /** Somebody begins to wait. */
  waits(more: More): void {
    this.#waits++
    const { settle } = more
    more.settle = (rejection) => {
      if (--this.#waits === 0) this.#restSoon()
      settle?.(rejection)
    }
    this.look()
  }

  /** There may be something to look for. */
  look(): void {
    if (this.#waits === 0 || this.#stop !== undefined || this.#looking || !this.#maySee) return
    this.#looks = 0
    this.#lookIn(first)
  }

  /** Locks that end with the agent are held by nobody else. */
  get #maySee(): boolean {
    const { reach, leases } = this.space
    return reach !== 'realm' || leases?.idle === false
  }

  #lookIn(delay: number): void {
    const look = () => {
      this.#stop = undefined
      this.#look()
    }
    this.#stop = this.space.clock.after(delay, look, letEnd)
  }

  /** Where the next one waits at once, as in a loop, no timer is set and stopped each time. */
  #restSoon(): void {
    if (this.#resting || this.#stop === undefined) return
    this.#resting = true
    this.space.clock.soon(() => {
      this.#resting = false
      if (this.#waits > 0) return
      this.#stop?.()
      this.#stop = undefined
    }, false)
  }

  async #look(): Promise<void> {
    const names = this.#waited()
    this.#looking = true
    let delay = ++this.#looks > young ? seldom : often
    try {
      // Who waits for a hold of this very agent does not wait for the mechanism.
      if (names.size > 0) {
        const seen = await this.space.ports.strict.query()
        this.#note(seen)
        for (const name of names) delay = Math.min(delay, this.#judge(seen, name))
      }
    } catch {
      // The mechanism is not there now: whoever waits will hear of it.
    }
    this.#looking = false
    if (this.#waits > 0 && this.#maySee) this.#lookIn(Math.max(least, delay))
    else this.#seen.clear()
  }

  /** What this agent waits for, as the mechanism knows it. */
  #waited(): ReadonlySet<string> {
    const names = new Set<string>()
    for (const { name, grantedAt } of this.space.ports.strict.live()) {
      if (grantedAt < 0 && !isBeside(name)) names.add(name)
    }
    return names
  }

  #note({ held }: PortSnapshot): void {
    const now = this.space.clock.now()
    const seen = this.#seen
    this.#seen = new Map(held.map(({ name }) => [name, seen.get(name) ?? now]))
  }

  /** @returns when to look again, in ms */
  #judge(seen: PortSnapshot, name: string): number {
    const leases = leasesOf(seen, name)
    if (leases === undefined) return Number.POSITIVE_INFINITY
    const left = this.#left(leases)
    if (left > 0) return left
    this.#rob(name, leases)
    return often
  }

  /**
   * Until all have run out, in ms: by the wall clock, or because they were not renewed for as long as
   * that takes, if the clock was set back.
   */
  #left({ all }: Leases): number {
    const { clock } = this.space
    const [now, steady] = [clock.coarse(), clock.now()]
    const lefts = all.map((marker) => {
      const since = this.#seen.get(markerName(marker)) ?? steady
      return Math.min(marker.until - now, since + marker.ttl - steady)
    })
    return Math.max(...lefts) + margin
  }

  async #rob(name: string, leases: Leases): Promise<void> {
    if (this.#thefts.has(name)) return
    this.#thefts.add(name)
    try {
      await rob(this.space, name, leases)
    } catch {
      // The next look sees what is left to do.
    }
    this.#thefts.delete(name)
  }
}
