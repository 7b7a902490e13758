/**
 * The page's own dropped frames: while a run goes on, every frame is asked for, and one that comes
 * late has dropped those that should have stood before it.
 */

export interface FrameCount {
  readonly drawn: number
  readonly dropped: number
}

export interface FrameClock {
  readonly request: (then: (time: number) => void) => number
  readonly cancel: (id: number) => void
}

/** Pauses longer than this, in ms, are a page that was hidden, not one that was late. */
const longestPause = 2_000

/** ms between frames on most screens; learned from those that come. */
const usual = 1000 / 60

/** @returns what ends the count, and says it */
export function countFrames(clock: FrameClock, onCount: (count: FrameCount) => void): () => void {
  let [drawn, dropped] = [0, 0]
  let before: number | undefined
  let pace = usual
  const frame = (time: number) => {
    const passed = before === undefined ? pace : time - before
    before = time
    drawn++
    if (passed < longestPause) dropped += Math.max(0, Math.round(passed / pace) - 1)
    // A faster screen shows itself; a slow page must not pass for a slow screen.
    if (passed > 4 && passed < pace) pace = pace * 0.9 + passed * 0.1
    onCount({ drawn, dropped })
    id = clock.request(frame)
  }
  let id = clock.request(frame)
  return () => clock.cancel(id)
}
