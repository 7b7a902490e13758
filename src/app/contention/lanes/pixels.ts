/**
 * Rectangles written straight into pixels. Ten thousand calls of `fillRect` a frame cost more than
 * all that they cover: so drawn, a frame costs as much as it has pixels, however much is in sight.
 */

import type { Boxes } from './merge'

/** A pixel as `ImageData` keeps it, on the little-endian machines that browsers run on. */
export type Pixel = number

/** @param colour as `getComputedStyle` gives it: `rgb(0, 114, 178)` */
export function pixelOf(colour: string): Pixel {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number)
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0
}

export class Pixels {
  readonly width: number
  readonly height: number
  readonly image: ImageData
  private readonly values: Uint32Array
  /** Only from here up to there, without it, anything is written. */
  private from = 0
  private to: number

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.to = width
    this.image = new ImageData(Math.max(width, 1), Math.max(height, 1))
    this.values = new Uint32Array(this.image.data.buffer)
  }

  /** Empties a part from top to foot; until the next time, nothing is written outside it. */
  begin(left: number, right: number): void {
    this.from = Math.max(left, 0)
    this.to = Math.min(right, this.width)
    for (let row = 0; row < this.height; row++) {
      this.values.fill(0, row * this.width + this.from, row * this.width + this.to)
    }
  }

  /** What was at `by` is at the left edge then; what comes in is what was there. */
  move(by: number): void {
    const { values, width } = this
    for (let row = 0; row < this.height; row++) {
      const start = row * width
      if (by > 0) values.copyWithin(start, start + by, start + width)
      else values.copyWithin(start - by, start, start + width + by)
    }
  }

  /** Whatever sticks out is cut off; nothing is narrower or lower than a pixel. */
  fill(x: number, y: number, width: number, height: number, pixel: Pixel): void {
    const { values, width: line } = this
    const begins = Math.round(x)
    const left = Math.max(begins, this.from)
    const right = Math.min(Math.max(Math.round(x + width), begins + 1), this.to)
    const top = Math.max(Math.round(y), 0)
    const foot = Math.min(Math.max(Math.round(y + height), top + 1), this.height)
    if (right <= left) return
    if (right - left === 1) {
      for (let at = top * line + left; at < foot * line; at += line) values[at] = pixel
      return
    }
    for (let row = top; row < foot; row++) values.fill(pixel, row * line + left, row * line + right)
  }

  /** Slanting lines over a ground, within a frame: waiting without colour. */
  hatch(x: number, y: number, width: number, height: number, hatching: Hatching): void {
    const { ground, line, scale } = hatching
    const begins = Math.round(x)
    const ends = Math.max(Math.round(x + width), begins + 1)
    const [left, right] = [Math.max(begins, this.from), Math.min(ends, this.to)]
    if (right <= left) return
    const top = Math.max(Math.round(y), 0)
    const foot = Math.min(Math.round(y + height), this.height)
    const distance = Math.round(7 * scale)
    const thick = Math.max(1, Math.round(1.6 * scale))
    const rim = Math.max(1, Math.round(scale))
    for (let row = top; row < foot; row++) {
      const start = row * this.width
      if (row < top + rim || row >= foot - rim) {
        this.values.fill(line, start + left, start + right)
        continue
      }
      this.values.fill(ground, start + left, start + right)
      // From the bar's own corner: hatching moves with its bar.
      const corner = begins - ((row - top) % distance)
      const skipped = Math.max(0, Math.floor((left - corner - thick) / distance)) * distance
      for (let at = corner + skipped; at < right; at += distance) {
        this.values.fill(line, start + Math.max(at, left), start + within(at + thick, left, right))
      }
      this.values.fill(line, start + left, start + within(begins + rim, left, right))
      this.values.fill(line, start + within(ends - rim, left, right), start + right)
    }
  }

  fillAll({ values, length }: Boxes, pixel: Pixel): void {
    for (let at = 0; at < length; at += 4) {
      this.fill(
        values[at] as number,
        values[at + 1] as number,
        values[at + 2] as number,
        values[at + 3] as number,
        pixel,
      )
    }
  }

  hatchAll({ values, length }: Boxes, hatching: Hatching): void {
    for (let at = 0; at < length; at += 4) {
      const width = values[at + 2] as number
      const [x, y, height] = [values[at], values[at + 1], values[at + 3]] as [
        number,
        number,
        number,
      ]
      // Between two lines so close there is no room for a third.
      if (width < 5 * hatching.scale) this.fill(x, y, width, height, hatching.narrow)
      else this.hatch(x, y, width, height, hatching)
    }
  }
}

export interface Hatching {
  readonly ground: Pixel
  readonly line: Pixel
  /** Of bars in which lines would run together. */
  readonly narrow: Pixel
  /** Pixels of the screen for each of the page's. */
  readonly scale: number
}

const within = (value: number, least: number, most: number) =>
  Math.min(Math.max(value, least), most)
