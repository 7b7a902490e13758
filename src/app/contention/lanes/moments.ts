/**
 * Moments on one lock, by time: its releases, or its grants after a wait. Agents report in batches,
 * so moments come nearly sorted: each is moved back past the few that it came too late for.
 */

import { firstAbove } from './track'

export class Moments {
  time = new Float64Array(8)
  /** An index of `Lanes.tracks`. */
  track = new Uint16Array(8)
  /** When what ended then had begun: of a grant, its request. */
  since = new Float64Array(8)
  length = 0

  push(time: number, track: number, since = time): void {
    if (this.length === this.time.length) this.grow()
    let at = this.length++
    for (; at > 0 && (this.time[at - 1] ?? 0) > time; at--) {
      this.time[at] = this.time[at - 1] ?? 0
      this.track[at] = this.track[at - 1] ?? 0
      this.since[at] = this.since[at - 1] ?? 0
    }
    this.since[at] = since
    this.time[at] = time
    this.track[at] = track
  }

  /** How many are not later than `time`. */
  countUntil(time: number): number {
    return firstAbove(this.time, this.length, time)
  }

  forget(before: number): void {
    const gone = this.countUntil(before)
    this.time.copyWithin(0, gone, this.length)
    this.track.copyWithin(0, gone, this.length)
    this.since.copyWithin(0, gone, this.length)
    this.length -= gone
  }

  private grow(): void {
    const capacity = this.time.length * 2
    const before = { time: this.time, track: this.track, since: this.since }
    this.time = new Float64Array(capacity)
    this.track = new Uint16Array(capacity)
    this.since = new Float64Array(capacity)
    this.time.set(before.time)
    this.track.set(before.track)
    this.since.set(before.since)
  }
}
