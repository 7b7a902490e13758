/** The lanes of the Contention page, panned for some frames; or the same canvases with nothing on them. */

import '../../src/app/tokens.css'
import { Lanes } from '../../src/app/contention/lanes/lanes'
import { LanesView } from '../../src/app/contention/lanes/lanes-view'
import { randomRun } from '../../src/app/contention/testing/random-run'

export interface TimelineOrder {
  /** 0 for an empty canvas. */
  readonly events: number
  /** How much of the time is in sight: 0 to 1. */
  readonly share: number
  readonly frames: number
}

export interface TimelineReading {
  /** ms of drawing, of each frame. */
  readonly drawing: readonly number[]
  readonly frames: number
  readonly dropped: number
  /** How many events the lanes hold. */
  readonly held: number
}

const agents = 8

/** Made once a page: it is not what is measured. */
const held = new Map<number, Lanes>()

function lanesWith(events: number): Lanes {
  const known = held.get(events)
  if (known) return known
  const run = randomRun(1, { acquisitions: events / 3, agents, locks: 4 })
  const lanes = new Lanes({ start: run.start })
  for (let agent = 1; agent <= agents; agent++) lanes.addAgent(`worker-${agent}`)
  if (events > 0) for (const event of run.events) lanes.add(event)
  else lanes.end = 100_000
  held.set(events, lanes)
  return lanes
}

export async function timeline(order: TimelineOrder): Promise<TimelineReading> {
  const lanes = lanesWith(order.events)
  const frame = document.createElement('div')
  frame.style.cssText = 'position: relative; width: 1200px'
  document.body.replaceChildren(frame)
  const drawing: number[] = []
  const view = new LanesView(frame, {
    onView: () => {},
    onSelect: () => {},
    onDrawn: (ms) => drawing.push(ms),
  })
  const bounds = { from: 0, to: lanes.end }
  const width = lanes.end * order.share
  let dropped = 0
  let before = await nextFrame()
  for (let count = 0; count < order.frames; count++) {
    // There and back, a little each frame, as a hand does it.
    const place = (1 - Math.cos((count / order.frames) * 2 * Math.PI)) / 2
    const from = (lanes.end - width) * place
    view.show({ lanes, view: { from, to: from + width }, bounds, selection: undefined })
    const time = await nextFrame()
    dropped += Math.max(0, Math.round((time - before) / (1000 / 60)) - 1)
    before = time
  }
  view.destroy()
  return { drawing, frames: order.frames, dropped, held: lanes.events }
}

const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))
