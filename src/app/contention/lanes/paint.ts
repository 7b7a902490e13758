/** The layer that changes with the view alone: bars as pixels, then what is written on them. */

import type { Lanes } from './lanes'
import { addBar, addTrack, newPicture, type Picture, type Row, type Strip } from './merge'
import type { Palette } from './palette'
import { Pixels, pixelOf } from './pixels'
import { axisHeight, type Layout } from './rows'
import { type Tick, ticksOf } from './ticks'
import { kindCode } from './track'
import type { View } from './view'
import { paintWords } from './words'

export interface Brush {
  readonly context: CanvasRenderingContext2D
  readonly palette: Palette
  readonly pixels: Pixels
  /** Pixels of the screen for each of the page's. */
  readonly scale: number
  /** Made once and filled anew: nothing is left to collect after a frame. */
  readonly picture: Picture
  /** What the pixels show. */
  drawn: Drawn | undefined
}

interface Drawn {
  readonly lanes: Lanes
  readonly layout: Layout
  readonly events: number
  readonly perMs: number
  readonly origin: number
  /** ms from one line of the axis to the next. */
  readonly step: number
}

/** For a canvas that is as wide and high as it stays. */
export function newBrush(
  context: CanvasRenderingContext2D,
  palette: Palette,
  scale: number,
): Brush {
  const { width, height } = context.canvas
  const pixels = new Pixels(width, height)
  return { context, palette, pixels, scale, picture: newPicture(), drawn: undefined }
}

export function paintLanes(brush: Brush, lanes: Lanes, layout: Layout, view: View, width: number) {
  const ticks = ticksOf(view, width)
  paintPixels(brush, lanes, layout, view)
  brush.context.putImageData(brush.pixels.image, 0, 0)
  paintWords(brush, { lanes, layout, view, width, ticks })
}

/** Whoever moves the picture sees most of it again: only what comes into sight is drawn. */
export function paintPixels(brush: Brush, lanes: Lanes, layout: Layout, view: View): void {
  const { pixels, scale, drawn } = brush
  const { width } = pixels
  const exact = width / (view.to - view.from)
  const alike =
    drawn?.lanes === lanes &&
    drawn.events === lanes.events &&
    drawn.layout === layout &&
    Math.abs(drawn.perMs / exact - 1) < 1e-7
  const perMs = alike ? drawn.perMs : exact
  const origin = Math.round(view.from * perMs)
  const seen = { from: origin / perMs, to: (origin + width) / perMs }
  const ticks = ticksOf(seen, width / scale)
  const step = stepOf(ticks)
  // Longer numbers stand farther apart: then all lines are others.
  const same = alike && Math.abs(drawn.step / step - 1) < 1e-6
  const moved = same ? origin - drawn.origin : width
  brush.drawn = { lanes, layout, events: lanes.events, perMs, origin, step }
  if (moved === 0) return
  if (Math.abs(moved) >= width) {
    paintStrip(brush, lanes, layout, ticks, { perMs, origin, left: 0, right: width })
    return
  }
  pixels.move(moved)
  const strip = moved > 0 ? { left: width - moved, right: width } : { left: 0, right: -moved }
  paintStrip(brush, lanes, layout, ticks, { perMs, origin, ...strip })
}

/** ms from line to line; where there is one alone nothing is known of it. */
function stepOf([first, second]: readonly Tick[]): number {
  return first && second ? second.time - first.time : Number.NaN
}

function paintStrip(
  brush: Brush,
  lanes: Lanes,
  layout: Layout,
  ticks: readonly Tick[],
  strip: Strip,
): void {
  const { picture, pixels, scale } = brush
  pixels.begin(strip.left, strip.right)
  paintGrid(brush, layout, ticks, strip)
  for (const boxes of [...picture.bars, ...picture.columns]) boxes.clear()
  for (const row of layout.rows) {
    const track = lanes.tracks[row.track]
    if (track) addTrack(picture, track, scaled(row, scale), strip)
  }
  addOpen(brush, lanes, layout, strip)
  paintPicture(brush)
}

const scaled = ({ middle, height }: Row, scale: number): Row => ({
  middle: middle * scale,
  height: height * scale,
})

function paintGrid(
  { pixels, palette, scale }: Brush,
  layout: Layout,
  ticks: readonly Tick[],
  { perMs, origin, left, right }: Strip,
) {
  const rule = pixelOf(palette.rule)
  for (const { top, height } of layout.agents) {
    pixels.fill(left, (top + height / 2) * scale, right - left, scale, rule)
  }
  for (const { time } of ticks) {
    pixels.fill(time * perMs - origin, (axisHeight - 6) * scale, scale, pixels.height, rule)
  }
}

/** What is still under way reaches to the end. */
function addOpen({ picture, scale }: Brush, lanes: Lanes, layout: Layout, strip: Strip) {
  const { perMs, origin } = strip
  for (const span of lanes.openSpans()) {
    const row = layout.rows.find(({ track }) => track === span.track)
    const left = span.from * perMs - origin
    if (!row || left > strip.right || lanes.end <= span.from) continue
    const holding = span.mode === 'shared' ? kindCode.reading : kindCode.writing
    const code = span.waits ? kindCode.waiting : holding
    addBar(picture, code, scaled(row, scale), left, lanes.end * perMs - origin)
  }
}

function paintPicture({ palette, pixels, picture, scale }: Brush) {
  const [ground, line] = [pixelOf(palette.waiting), pixelOf(palette.waitingLine)]
  const [reading, writing] = [pixelOf(palette.reading), pixelOf(palette.writing)]
  const narrow = pixelOf(palette.waitingNarrow)
  pixels.fillAll(picture.columns[kindCode.waiting], narrow)
  pixels.fillAll(picture.columns[kindCode.reading], reading)
  pixels.fillAll(picture.columns[kindCode.writing], writing)
  pixels.hatchAll(picture.bars[kindCode.waiting], { ground, line, narrow, scale })
  pixels.fillAll(picture.bars[kindCode.reading], reading)
  pixels.fillAll(picture.bars[kindCode.writing], writing)
}
