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

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.image = new ImageData(Math.max(width, 1), Math.max(height, 1))
    this.values = new Uint32Array(this.image.data.buffer)
  }

  clear(): void {
    this.values.fill(0)
  }

  /** Whatever sticks out is cut off; nothing is narrower or lower than a pixel. */
  fill(x: number, y: number, width: number, height: number, pixel: Pixel): void {
    const { values, width: line } = this
    const left = Math.max(Math.round(x), 0)
    const right = Math.min(Math.max(Math.round(x + width), left + 1), line)
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
    const [left, right] = edges(x, width, this.width)
    const [top, foot] = edges(y, height, this.height)
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
      for (let at = left - ((row - top) % distance); at < right; at += distance) {
        for (let stroke = Math.max(at, left); stroke < Math.min(at + thick, right); stroke++) {
          this.values[start + stroke] = line
        }
      }
      for (let side = 0; side < rim; side++) {
        this.values[start + left + side] = line
        this.values[start + right - 1 - side] = line
      }
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

function edges(start: number, length: number, most: number): readonly [number, number] {
  const from = Math.round(start)
  const to = Math.max(Math.round(start + length), from + 1)
  return [Math.max(from, 0), Math.min(to, most)]
}
