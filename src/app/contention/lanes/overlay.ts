/** The layer that changes with every move of the pointer: what is pointed at, chosen, handed on. */

import type { Flow } from './hand-ons'
import type { Lanes } from './lanes'
import type { Palette } from './palette'
import { axisHeight, type Layout } from './rows'
import { flowsOf, type Selection, type Span, spanOf } from './selection'
import type { View } from './view'

export interface Pointed {
  readonly x: number
  readonly y: number
}

export interface OverlayState {
  readonly selection: Selection | undefined
  readonly hovered: Selection | undefined
  readonly pointed: Pointed | undefined
}

/** More arrows at once are a thicket: then only those of what is chosen are drawn. */
const mostFlows = 60

export function paintOverlay(
  context: CanvasRenderingContext2D,
  palette: Palette,
  { lanes, layout, view, width }: { lanes: Lanes; layout: Layout; view: View; width: number },
  { selection, hovered, pointed }: OverlayState,
) {
  context.clearRect(0, 0, width, layout.height)
  const place = { context, palette, layout, view, width }
  if (pointed) {
    context.fillStyle = palette.inkFaint
    context.fillRect(pointed.x, axisHeight - 6, 1, layout.height)
  }
  const all = lanes.handOns.between(view.from, view.to, mostFlows + 1)
  if (all.length <= mostFlows) for (const flow of all) paintFlow(place, flow, 0.55, 1.25)
  for (const chosen of [hovered, selection]) {
    const span = chosen && spanOf(lanes, chosen)
    if (!span) continue
    frameSpan(place, span, chosen === selection ? 2.5 : 1.5)
    for (const flow of flowsOf(lanes, span)) paintFlow(place, flow, 1, 2)
  }
}

interface Place {
  readonly context: CanvasRenderingContext2D
  readonly palette: Palette
  readonly layout: Layout
  readonly view: View
  readonly width: number
}

const xOf = ({ view, width }: Place, time: number) =>
  ((time - view.from) / (view.to - view.from)) * width

function frameSpan(place: Place, { track, from, to }: Span, line: number) {
  const row = place.layout.rows.find((each) => each.track === track)
  if (!row) return
  const { context, palette, width } = place
  const left = Math.max(xOf(place, from), -4)
  const right = Math.min(xOf(place, to), width + 4)
  context.strokeStyle = palette.ink
  context.lineWidth = line
  const wide = Math.max(right - left, 2)
  context.strokeRect(left - 1, row.middle - row.height / 2 - 1, wide + 2, row.height + 2)
}

function paintFlow(place: Place, { from, to }: Flow, opacity: number, line: number) {
  const { context, palette, layout } = place
  const start = layout.rows.find(({ track }) => track === from.track)
  const end = layout.rows.find(({ track }) => track === to.track)
  if (!start || !end || start === end) return
  const [x0, x1] = [xOf(place, from.time), xOf(place, to.time)]
  const down = end.middle > start.middle ? 1 : -1
  const [y0, y1] = [start.middle + (down * start.height) / 2, end.middle - (down * end.height) / 3]
  const bend = (y1 - y0) / 2
  context.globalAlpha = opacity
  context.strokeStyle = palette.ink
  context.fillStyle = palette.ink
  context.lineWidth = line
  context.beginPath()
  context.moveTo(x0, y0)
  context.bezierCurveTo(x0, y0 + bend, x1, y1 - bend, x1, y1 - down * 5)
  context.stroke()
  context.beginPath()
  context.moveTo(x1, y1)
  context.lineTo(x1 - 3.5, y1 - down * 7)
  context.lineTo(x1 + 3.5, y1 - down * 7)
  context.fill()
  context.globalAlpha = 1
}
