/**
 * How fast a run goes on, by what its workers have counted: exact also where more happens than can be
 * told event by event. Bounded: of too many counts every second one is forgotten.
 */

export interface PacePoint {
  /** ms since the run began */
  readonly time: number
  /** Sections a second. */
  readonly value: number
}

/** ms: counts closer to each other say more of the clock than of the run. */
const closest = 80

export class Pace {
  private counts: { readonly time: number; readonly done: number }[] = [{ time: 0, done: 0 }]
  private readonly most: number

  constructor(most = 400) {
    this.most = most
  }

  note(time: number, done: number): void {
    const last = this.counts.at(-1)
    if (last && time - last.time < closest) return
    this.counts.push({ time, done })
    if (this.counts.length > this.most) this.counts = this.counts.filter((_, at) => at % 2 === 0)
  }

  points(): readonly PacePoint[] {
    return this.counts.slice(1).map(({ time, done }, at) => {
      const before = this.counts[at] ?? { time: 0, done: 0 }
      const value = ((done - before.done) / (time - before.time)) * 1000
      return { time: (time + before.time) / 2, value }
    })
  }
}
