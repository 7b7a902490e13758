/** How long the lanes take to draw while one pans a hundred thousand events, against an empty canvas. */

import { inTabs, type Laboratory, type Tab } from './laboratory'
import type { TimelineReading } from './pages/timeline'
import type { Finding } from './rows'
import { interleaved, median, quantile } from './statistics'

const rounds = 5
const frames = 120
const events = 99_999

/** How much of the run is in sight: nearly all of it, a tenth, a hundredth. */
const shares = [0.9, 0.1, 0.01] as const

/** The share of frames that may be dropped more than with an empty canvas. */
export const moreDropped = 0.05

export function timeline100k(laboratory: Laboratory): Promise<Finding> {
  return inTabs(laboratory, 1, async (tab) => {
    const notes: string[] = []
    const p95s: { ours: number; theirs: number }[] = []
    const readings: { ours: TimelineReading[]; theirs: TimelineReading[] } = {
      ours: [],
      theirs: [],
    }
    for (const share of shares) {
      const side = (held: number) => () => measure(tab, held, share)
      await side(events)()
      await side(0)()
      const pairs = await interleaved(rounds, side(events), side(0))
      const ours = pairs.map((pair) => pair.ours)
      const theirs = pairs.map((pair) => pair.theirs)
      const p95 = { ours: drawingAt(ours, 0.95), theirs: drawingAt(theirs, 0.95) }
      const dropped = { ours: droppedOf(ours), theirs: droppedOf(theirs) }
      p95s.push(p95)
      readings.ours.push(...ours)
      readings.theirs.push(...theirs)
      notes.push(
        `${share * 100} % in sight: drawing p50 ${drawingAt(ours, 0.5).toFixed(2)} ms, p95 ${p95.ours.toFixed(2)} ms, longest ${drawingAt(ours, 1).toFixed(1)} ms; dropped ${percent(dropped.ours)} of frames, ${percent(dropped.theirs)} with an empty canvas`,
      )
    }
    // The zoom that takes longest counts.
    const worst = p95s.reduce((one, other) => (other.ours > one.ours ? other : one))
    const ratios = p95s.map(({ ours, theirs }) => ours / Math.max(theirs, 0.005))
    return {
      id: 'timeline-100k',
      summary: {
        ...worst,
        ratio: median(ratios),
        quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
        pairs: rounds * shares.length,
      },
      // Of all frames together: of a few hundred, another program drops that many by chance.
      and: droppedOf(readings.ours) - droppedOf(readings.theirs) <= moreDropped,
      notes: [
        ...notes,
        `all together: dropped ${percent(droppedOf(readings.ours))} of frames, ${percent(droppedOf(readings.theirs))} with an empty canvas`,
      ],
    }
  })
}

async function measure({ page }: Tab, held: number, share: number): Promise<TimelineReading> {
  const order = { events: held, share, frames }
  const reading = await page.evaluate((x) => window.bench.timeline(x), order)
  if (reading.held !== held || reading.drawing.length < frames * 0.9) {
    throw new Error(`${reading.held} events were held and ${reading.drawing.length} frames drawn`)
  }
  return reading
}

const drawingAt = (readings: readonly TimelineReading[], q: number) =>
  quantile(
    readings.flatMap(({ drawing }) => drawing),
    q,
  )

function droppedOf(readings: readonly TimelineReading[]): number {
  const sum = (of: (reading: TimelineReading) => number) =>
    readings.reduce((all, reading) => all + of(reading), 0)
  return sum(({ dropped }) => dropped) / sum((each) => each.frames + each.dropped)
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`
