/**
 * Who made others wait. The delay of a wait is charged twice: as a whole to whoever waited (Go's
 * block profile), and to the holds that stood in its way (Go's mutex profile), which is here:
 *
 * - In the way stand all holds of the lock that last for some time between the request and the end
 *   of its wait, whether that was a grant or it was given up. Also a reader's hold in the way of
 *   another reader, who waits then because a writer waits between them.
 * - The delay is divided among them by the time that each of them held in that interval. Two readers
 *   who hold side by side for as long get one half each. The time in between, in which the lock was
 *   passed on and nobody held it, is so charged to them too, and both profiles have one sum, but for
 *   waits in whose way nobody stood who was recorded: these are charged to waiters alone.
 * - A hold is known by the place where its lock was asked for, its lock and its mode.
 *
 * Go charges the place of the unlock instead. Up to Go 1.21 it charged the wait of the one goroutine
 * that the unlock woke; since 1.22 the delay of all that were blocked ("mutex profiles now scale
 * contention by the number of goroutines blocked on the mutex", Go 1.22 release notes). Here, too,
 * every waiter counts: ten who wait for 1 ms each are 10 ms of delay.
 */

import type { LockMode } from '../locks'
import type { ContentionRecord } from './recording'

/** Holds of one place and mode, of one lock. */
export interface Culprit {
  readonly mode: LockMode
  readonly site: string | undefined
  /** How many hold now. */
  holding: number
  /** ms, of all of its holds together, until `since`. */
  held: number
  since: number
}

/** How long each culprit had held when a wait began. */
export type Standing = readonly number[]

/** As many places are told apart for each lock; the others are one, without a place. */
const mostCulprits = 100

/** Who holds one lock, and has held it. Time must not go back. */
export class Blame {
  readonly #culprits: Culprit[] = []

  of(mode: LockMode, site: string | undefined): Culprit {
    const found = this.#culprits.find((each) => each.site === site && each.mode === mode)
    if (found !== undefined) return found
    if (this.#culprits.length >= mostCulprits && site !== undefined) return this.of(mode, undefined)
    const culprit = { mode, site, holding: 0, held: 0, since: 0 }
    this.#culprits.push(culprit)
    return culprit
  }

  holds(culprit: Culprit, time: number): void {
    settle(culprit, time)
    culprit.holding++
  }

  leaves(culprit: Culprit, time: number): void {
    settle(culprit, time)
    culprit.holding--
  }

  begin(time: number): Standing {
    return this.#culprits.map((culprit) => settle(culprit, time))
  }

  /** Who stood in the way of a wait that ends now, and with which share of it. */
  shares(before: Standing, time: number): readonly (readonly [Culprit, number])[] {
    const times = this.#culprits.map((each, index) => settle(each, time) - (before[index] ?? 0))
    const all = times.reduce((sum, each) => sum + each, 0)
    return this.#culprits.flatMap((culprit, index) => {
      const held = times[index] ?? 0
      return held > 0 ? [[culprit, held / all] as const] : []
    })
  }
}

function settle(culprit: Culprit, time: number): number {
  // Clocks of two agents may differ by a little: nobody holds for less than no time.
  culprit.held += culprit.holding * Math.max(0, time - culprit.since)
  culprit.since = Math.max(culprit.since, time)
  return culprit.held
}

interface Row {
  contentions: number
  delay: number
}

/** As many rows are kept; what would need another one is left out. */
const mostRows = 20_000

/** The contention profile, while it is counted. */
export class Ledger {
  readonly #rows = new Map<string, Row & Omit<ContentionRecord, keyof Row>>()

  charge({ charged, lock, mode, site, contentions, delay }: ContentionRecord): void {
    // Quicker than JSON, and as unmistakable: the length says where the lock's name ends.
    const key = `${charged} ${mode} ${lock.length} ${lock}${site ?? ''}`
    const row = this.#rows.get(key)
    if (row !== undefined) {
      row.contentions += contentions
      row.delay += delay
    } else if (this.#rows.size < mostRows) {
      this.#rows.set(key, { charged, lock, mode, site, contentions, delay })
    }
  }

  /** What costs most comes first. */
  records(): readonly ContentionRecord[] {
    return [...this.#rows.values()]
      .map(({ site, ...row }) => (site === undefined ? row : { ...row, site }))
      .sort((a, b) => b.delay - a.delay)
  }
}
