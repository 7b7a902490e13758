/** Draws what `merge.ts` found onto a canvas: the layer that changes with the view alone. */

import type { Lanes } from './lanes'
import { addBar, addTrack, type Boxes, newPicture, type Picture } from './merge'
import type { Palette } from './palette'
import { axisHeight, type Layout } from './rows'
import { ticksOf } from './ticks'
import { kindCode, type Track } from './track'
import type { View } from './view'

export interface Brush {
  readonly context: CanvasRenderingContext2D
  readonly palette: Palette
  readonly hatch: CanvasPattern | string
  /** Made once and filled anew: nothing is left to collect after a frame. */
  readonly picture: Picture
}

export const newBrush = (
  context: CanvasRenderingContext2D,
  palette: Palette,
  hatch: CanvasPattern | string,
): Brush => ({ context, palette, hatch, picture: newPicture() })

export function paintLanes(brush: Brush, lanes: Lanes, layout: Layout, view: View, width: number) {
  const { context, picture } = brush
  context.clearRect(0, 0, width, layout.height)
  paintAxis(brush, layout, view, width)
  for (const boxes of [...picture.bars, ...picture.columns]) boxes.clear()
  for (const row of layout.rows) {
    const track = lanes.tracks[row.track]
    if (track) addTrack(picture, track, row, view, width)
  }
  addOpen(brush, lanes, layout, view, width)
  paintPicture(brush)
  for (const row of layout.rows) {
    const track = lanes.tracks[row.track]
    if (track && row.height >= 18) paintNames(brush, lanes, track, row.middle, view, width)
  }
}

function paintAxis({ context, palette }: Brush, layout: Layout, view: View, width: number) {
  context.fillStyle = palette.rule
  for (const { top, height } of layout.agents) context.fillRect(0, top + height / 2, width, 1)
  context.font = '12px "JetBrains Mono Variable", ui-monospace, monospace'
  context.textBaseline = 'middle'
  for (const { x, text } of ticksOf(view, width)) {
    context.fillStyle = palette.rule
    context.fillRect(Math.round(x), axisHeight - 6, 1, layout.height)
    context.fillStyle = palette.inkSoft
    // At the edges a label stays inside.
    const half = context.measureText(text).width / 2
    context.fillText(text, Math.min(Math.max(x - half, 0), width - 2 * half), 9)
  }
}

/** What is still under way reaches to the end. */
function addOpen({ picture }: Brush, lanes: Lanes, layout: Layout, view: View, width: number) {
  const scale = width / (view.to - view.from)
  for (const span of lanes.openSpans()) {
    const row = layout.rows.find(({ track }) => track === span.track)
    if (!row || span.from > view.to) continue
    const code = span.waits
      ? kindCode.waiting
      : kindCode[span.mode === 'shared' ? 'reading' : 'writing']
    const left = Math.max((span.from - view.from) * scale, -1)
    const right = Math.min((lanes.end - view.from) * scale, width + 1)
    if (right > left) addBar(picture, code, row, left, right)
  }
}

function paintPicture({ context, palette, hatch, picture }: Brush) {
  fill(context, picture.columns[kindCode.waiting], palette.waitingLine)
  fill(context, picture.columns[kindCode.reading], palette.reading)
  fill(context, picture.columns[kindCode.writing], palette.writing)
  fill(context, picture.bars[kindCode.waiting], hatch)
  outline(context, picture.bars[kindCode.waiting], palette.waitingLine)
  fill(context, picture.bars[kindCode.reading], palette.reading)
  fill(context, picture.bars[kindCode.writing], palette.writing)
}

function fill(context: CanvasRenderingContext2D, boxes: Boxes, style: CanvasPattern | string) {
  context.fillStyle = style
  const { values, length } = boxes
  for (let at = 0; at < length; at += 4) {
    context.fillRect(
      values[at] as number,
      values[at + 1] as number,
      values[at + 2] as number,
      values[at + 3] as number,
    )
  }
}

/** Only where there is room for hatching between two lines. */
function outline(context: CanvasRenderingContext2D, { values, length }: Boxes, style: string) {
  context.fillStyle = style
  for (let at = 0; at < length; at += 4) {
    const x = values[at] as number
    const y = values[at + 1] as number
    const w = values[at + 2] as number
    const h = values[at + 3] as number
    if (w < 4) continue
    context.fillRect(x, y, w, 1)
    context.fillRect(x, y + h - 1, w, 1)
    context.fillRect(x, y, 1, h)
    context.fillRect(x + w - 1, y, 1, h)
  }
}

/** Pixels that a bar must have before it is named. */
const nameable = 46

function paintNames(
  { context, palette }: Brush,
  lanes: Lanes,
  track: Track,
  middle: number,
  view: View,
  width: number,
) {
  const scale = width / (view.to - view.from)
  const least = nameable / scale
  context.font = '600 12px "Inter Variable", system-ui, sans-serif'
  context.textBaseline = 'middle'
  let named = 0
  for (let index = track.firstAfter(view.from); index < track.length; index++) {
    const from = track.from[index] as number
    if (from > view.to || named > 400) break
    const to = track.to[index] as number
    if (to - from < least) continue
    const left = Math.max((from - view.from) * scale, 0)
    const room = Math.min((to - view.from) * scale, width) - left - 10
    const kind = track.kind[index]
    if (room < nameable - 10) continue
    const words = `${verbs[kind ?? 0]} ${lanes.locks[track.lock[index] ?? 0] ?? ''}`
    const text = fitted(context, [words, lanes.locks[track.lock[index] ?? 0] ?? ''], room)
    if (!text) continue
    named++
    context.fillStyle =
      kind === kindCode.waiting
        ? palette.ink
        : kind === kindCode.reading
          ? palette.onReading
          : palette.onWriting
    context.fillText(text, left + 6, middle + 0.5)
  }
}

const verbs = ['waits for', 'reads', 'holds'] as const

function fitted(context: CanvasRenderingContext2D, texts: readonly string[], room: number) {
  return texts.find((text) => text !== '' && context.measureText(text).width <= room)
}
