/** Which arrow stands where beside the playhead: pure. */

export interface Reach {
  /** Lanes, by their index. */
  readonly from: number
  readonly to: number
}

/**
 * A track for each arrow, 0 nearest to the playhead: arrows that meet in a lane get different
 * ones, and no more tracks are used than that takes.
 */
export function tracksOf(arrows: readonly Reach[]): number[] {
  const tracks: number[] = []
  for (const [index, arrow] of arrows.entries()) {
    const taken = new Set(tracks.filter((_, other) => meet(arrow, arrows[other] ?? arrow)))
    tracks[index] = firstFree(taken)
  }
  return tracks
}

function meet(a: Reach, b: Reach): boolean {
  return (
    Math.max(Math.min(a.from, a.to), Math.min(b.from, b.to)) <=
    Math.min(Math.max(a.from, a.to), Math.max(b.from, b.to))
  )
}

function firstFree(taken: ReadonlySet<number>): number {
  let track = 0
  while (taken.has(track)) track++
  return track
}
