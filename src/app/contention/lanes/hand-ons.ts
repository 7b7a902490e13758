/** What was handed on: for each lock its releases, and the grants after a wait that came of them. */

import { Moments } from './moments'

/** A release, and the grant to another that followed from it. */
export interface Flow {
  readonly lock: number
  readonly from: { readonly time: number; readonly track: number }
  readonly to: { readonly time: number; readonly track: number }
}

export class HandOns {
  private readonly uncertainty: number
  private readonly releases: Moments[] = []
  private readonly grants: Moments[] = []

  /** @param uncertainty ms by which two agents' clocks may differ */
  constructor(uncertainty: number) {
    this.uncertainty = uncertainty
  }

  released(lock: number, time: number, track: number): void {
    momentsOf(this.releases, lock).push(time, track)
  }

  /** @param asked when its wait began */
  granted(lock: number, time: number, track: number, asked: number): void {
    momentsOf(this.grants, lock).push(time, track, asked)
  }

  /** What was handed on between two moments, at most `most` of it, by lock and time. */
  between(from: number, to: number, most: number): readonly Flow[] {
    const found: Flow[] = []
    for (let lock = 0; lock < this.grants.length; lock++) {
      const grants = this.grants[lock]
      if (!grants) continue
      for (let at = grants.countUntil(from); at < grants.length; at++) {
        const time = grants.time[at] ?? 0
        if (time > to) break
        const flow = this.to(lock, time, grants.track[at] ?? 0, grants.since[at] ?? 0)
        if (flow) found.push(flow)
        if (found.length >= most) return found
      }
    }
    return found
  }

  /**
   * Which release let this grant in: the last one before it; or, as two agents' clocks differ, one
   * just after it that is closer. None did if the lock was free when it was asked for: then the wait
   * was how long asking takes.
   */
  to(lock: number, time: number, track: number, asked: number): Flow | undefined {
    const releases = this.releases[lock]
    if (!releases) return undefined
    const next = releases.countUntil(time)
    const before = time - (releases.time[next - 1] ?? Number.NEGATIVE_INFINITY)
    const after = next < releases.length ? (releases.time[next] ?? 0) - time : before
    const later = after < before && after <= this.uncertainty && releases.track[next] !== track
    const at = later ? next : next - 1
    if (at < 0 || (releases.time[at] ?? 0) < asked - this.uncertainty) return undefined
    const from = { time: releases.time[at] ?? 0, track: releases.track[at] ?? 0 }
    return { lock, from, to: { time, track } }
  }

  /** The grants that came of the release at this time. */
  of(lock: number, time: number): readonly Flow[] {
    const releases = this.releases[lock]
    const grants = this.grants[lock]
    if (!releases || !grants) return []
    const next = releases.time[releases.countUntil(time)] ?? Number.POSITIVE_INFINITY
    const found: Flow[] = []
    for (let at = grants.countUntil(time - this.uncertainty); at < grants.length; at++) {
      const granted = grants.time[at] ?? 0
      if (granted >= next + this.uncertainty) break
      const flow = this.to(lock, granted, grants.track[at] ?? 0, grants.since[at] ?? 0)
      if (flow && flow.from.time === time) found.push(flow)
    }
    return found
  }

  forget(before: number): void {
    for (const moments of [...this.releases, ...this.grants]) moments?.forget(before)
  }
}

function momentsOf(all: Moments[], lock: number): Moments {
  all[lock] ??= new Moments()
  return all[lock]
}
