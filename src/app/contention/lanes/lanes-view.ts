/**
 * The lanes on the page: two canvases, one above the other. The lower one is drawn when the view or
 * the data changed, the upper one when the pointer or the selection did; each at most once a frame,
 * and not at all while nothing happens.
 */

import { listenToGestures } from './gestures'
import type { Lanes } from './lanes'
import { type Pointed, paintOverlay } from './overlay'
import { type Brush, newBrush, paintLanes } from './paint'
import { type Palette, paletteOf } from './palette'
import { type Layout, layoutOf, rowAt } from './rows'
import type { Selection } from './selection'
import { type Bounds, isWhole, panned, type View, zoomed } from './view'

export interface Shown {
  readonly lanes: Lanes
  readonly view: View
  readonly bounds: Bounds
  readonly selection: Selection | undefined
}

export interface LanesViewOptions {
  /** A new view, and whether it is all there is. */
  readonly onView: (view: View, whole: boolean) => void
  readonly onSelect: (selection: Selection | undefined) => void
  readonly onLayout?: (layout: Layout) => void
  /** How long drawing took, in ms. */
  readonly onDrawn?: (ms: number) => void
}

/** Pixels by which a pointer may miss a span. */
const reach = 4

export class LanesView {
  private readonly frame: HTMLElement
  private readonly options: LanesViewOptions
  private readonly lower: CanvasRenderingContext2D
  private readonly upper: CanvasRenderingContext2D
  private readonly stop: () => void
  private palette: Palette
  private brush: Brush
  private shown: Shown | undefined
  private layout: Layout | undefined
  private laidOut = ''
  private width = 0
  private pointed: Pointed | undefined
  private hovered: Selection | undefined
  private dirty: 'nothing' | 'overlay' | 'all' = 'nothing'
  private request = 0
  private destroyed = false

  /** @param frame a positioned element; its width is the picture's */
  constructor(frame: HTMLElement, options: LanesViewOptions) {
    this.frame = frame
    this.options = options
    this.lower = contextIn(frame)
    this.upper = contextIn(frame)
    this.palette = paletteOf(frame)
    this.brush = newBrush(this.lower, this.palette, ratio())
    const observer = new ResizeObserver(() => this.resize())
    observer.observe(frame)
    const stopGestures = listenToGestures(this.upper.canvas, {
      pan: (share) => this.change((view, bounds) => panned(view, bounds, share)),
      zoom: (factor, place) => this.zoom(factor, place),
      point: (at) => this.point(at),
      choose: ({ x, y }) => options.onSelect(this.spanNear(x, y)),
    })
    this.stop = () => {
      observer.disconnect()
      stopGestures()
    }
    this.resize()
  }

  show(shown: Shown): void {
    const before = this.shown
    this.shown = shown
    const key = shown.lanes.agents.length + shown.lanes.tracks.length * 1000
    if (before?.lanes !== shown.lanes || this.laidOut !== String(key)) {
      this.laidOut = String(key)
      this.layout = layoutOf(shown.lanes)
      this.options.onLayout?.(this.layout)
      this.resize()
    }
    const onlySelected =
      before?.lanes === shown.lanes &&
      before.view === shown.view &&
      before.selection !== shown.selection
    this.invalidate(onlySelected ? 'overlay' : 'all')
  }

  /** The theme has changed. */
  recolour(): void {
    this.palette = paletteOf(this.frame)
    this.resize()
  }

  destroy(): void {
    cancelAnimationFrame(this.request)
    this.destroyed = true
    this.stop()
    this.lower.canvas.remove()
    this.upper.canvas.remove()
  }

  private zoom(factor: number, place: number): boolean {
    const { shown } = this
    if (!shown || (factor < 1 && isWhole(shown.view, shown.bounds))) return false
    this.change((view, bounds) => zoomed(view, bounds, factor, place))
    return true
  }

  private change(next: (view: View, bounds: Bounds) => View): void {
    if (!this.shown) return
    const { view, bounds } = this.shown
    const to = next(view, bounds)
    this.options.onView(to, isWhole(to, bounds))
  }

  private point(at: Pointed | undefined): void {
    this.pointed = at
    const hovered = at && this.spanNear(at.x, at.y)
    this.hovered = hovered
    this.upper.canvas.style.cursor = hovered ? 'pointer' : 'grab'
    this.invalidate('overlay')
  }

  private spanNear(x: number, y: number): Selection | undefined {
    const { shown, layout, width } = this
    const row = layout && rowAt(layout, y)
    const track = row && shown?.lanes.tracks[row.track]
    if (!shown || !row || !track) return undefined
    const { from, to } = shown.view
    const scale = (to - from) / Math.max(width, 1)
    const time = from + x * scale
    const index = track.firstAfter(time - reach * scale)
    const begins = track.from[index] ?? 0
    if (index >= track.length || begins > time + reach * scale) return undefined
    return { track: row.track, from: begins }
  }

  private resize(): void {
    this.width = Math.floor(this.frame.clientWidth)
    const height = Math.ceil(this.layout?.height ?? 0)
    const scale = ratio()
    for (const context of [this.lower, this.upper]) {
      const { canvas } = context
      canvas.width = Math.round(this.width * scale)
      canvas.height = Math.round(height * scale)
      canvas.style.width = `${this.width}px`
      canvas.style.height = `${height}px`
      context.setTransform(scale, 0, 0, scale, 0, 0)
    }
    this.brush = newBrush(this.lower, this.palette, scale)
    this.frame.style.height = `${height}px`
    this.invalidate('all')
  }

  private invalidate(what: 'overlay' | 'all'): void {
    if (this.destroyed) return
    if (this.dirty !== 'all') this.dirty = what
    if (this.request === 0) this.request = requestAnimationFrame(() => this.draw())
  }

  private draw(): void {
    this.request = 0
    const { shown, layout, width, dirty } = this
    this.dirty = 'nothing'
    if (!shown || !layout || width === 0) return
    const start = performance.now()
    if (dirty === 'all') paintLanes(this.brush, shown.lanes, layout, shown.view, width)
    const { pointed, hovered } = this
    const { lanes, view, selection } = shown
    paintOverlay(
      this.upper,
      this.palette,
      { lanes, layout, view, width },
      { selection, hovered, pointed },
    )
    this.options.onDrawn?.(performance.now() - start)
  }
}

/** Above two the eye gains nothing, and every frame costs twice as much. */
const ratio = () => Math.min(devicePixelRatio || 1, 2)

function contextIn(frame: HTMLElement): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas')
  canvas.setAttribute('aria-hidden', 'true')
  canvas.className = 'lanes-layer'
  frame.append(canvas)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This browser gives no canvas to draw on')
  return context
}
