/** What is written on the lanes: the axis, and what each bar is where there is room for it. */

import type { Lanes } from './lanes'
import type { Palette } from './palette'
import type { Layout } from './rows'
import type { Tick } from './ticks'
import { kindCode, type Track } from './track'
import type { View } from './view'

interface Pen {
  readonly context: CanvasRenderingContext2D
  readonly palette: Palette
}

interface Picture {
  readonly lanes: Lanes
  readonly layout: Layout
  readonly view: View
  readonly width: number
  readonly ticks: readonly Tick[]
}

/** Lanes that are lower have no room for letters. */
const legible = 18

export function paintWords(pen: Pen, picture: Picture): void {
  const { lanes, layout, ticks, width } = picture
  paintLabels(pen, ticks, width)
  for (const { track: index, middle, height } of layout.rows) {
    const track = lanes.tracks[index]
    if (track && height >= legible) paintNames(pen, picture, track, middle)
  }
}

function paintLabels({ context, palette }: Pen, ticks: readonly Tick[], width: number) {
  context.font = '12px "JetBrains Mono Variable", ui-monospace, monospace'
  context.textBaseline = 'middle'
  context.fillStyle = palette.inkSoft
  for (const { x, text } of ticks) {
    // At the edges a label stays inside.
    const long = context.measureText(text).width
    context.fillText(text, Math.min(Math.max(x - long / 2, 0), width - long), 9)
  }
}

/** Pixels that a bar must have before it is named. */
const nameable = 46
/** More names at once than anybody reads. */
const mostNames = 40

function paintNames(
  { context, palette }: Pen,
  { lanes, view, width }: Picture,
  track: Track,
  middle: number,
) {
  const perMs = width / (view.to - view.from)
  const least = nameable / perMs
  context.font = '600 12px "Inter Variable", system-ui, sans-serif'
  const inks = [palette.ink, palette.onReading, palette.onWriting] as const
  let named = 0
  for (let index = track.firstAfter(view.from); index < track.length; index++) {
    const from = track.from[index] as number
    if (from > view.to || named > mostNames) break
    const to = track.to[index] as number
    if (to - from < least) continue
    const left = Math.max((from - view.from) * perMs, 0)
    const room = Math.min((to - view.from) * perMs, width) - left - 10
    const kind = track.kind[index] as 0 | 1 | 2
    const lock = lanes.locks[track.lock[index] as number] ?? ''
    const text = fitted(context, [`${verbs[kind]} ${lock}`, lock], room)
    if (!text) continue
    named++
    if (kind === kindCode.waiting) {
      // Through the hatching nobody can read.
      const wide = context.measureText(text).width
      context.fillStyle = palette.waiting
      context.fillRect(left + 4, middle - 8, wide + 6, 16)
    }
    context.fillStyle = inks[kind]
    context.fillText(text, left + 7, middle + 0.5)
  }
}

const verbs = ['waits for', 'reads', 'holds'] as const

function fitted(context: CanvasRenderingContext2D, texts: readonly string[], room: number) {
  return texts.find((text) => text !== '' && context.measureText(text).width <= room)
}
