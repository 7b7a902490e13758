/**
 * Which rectangles show a track in a view: pure. A span of some pixels is a bar; what is narrower is
 * merged, pixel by pixel, into columns that are divided as the time in them was, so that no zoom
 * hides a wait, and the number of rectangles depends on the width and not on the events.
 */

import { kindCode, type Track } from './track'

/** x, y, width, height of each, one after the other. */
export class Boxes {
  values = new Float64Array(1024)
  length = 0

  clear(): void {
    this.length = 0
  }

  push(x: number, y: number, width: number, height: number): void {
    if (this.length + 4 > this.values.length) {
      const more = new Float64Array(this.values.length * 2)
      more.set(this.values)
      this.values = more
    }
    this.values[this.length++] = x
    this.values[this.length++] = y
    this.values[this.length++] = width
    this.values[this.length++] = height
  }
}

/** Bars by kind, as `spanKinds`; merged columns apart, for they are too narrow for hatching. */
export interface Picture {
  readonly bars: readonly [Boxes, Boxes, Boxes]
  readonly columns: readonly [Boxes, Boxes, Boxes]
}

export function newPicture(): Picture {
  return {
    bars: [new Boxes(), new Boxes(), new Boxes()],
    columns: [new Boxes(), new Boxes(), new Boxes()],
  }
}

/**
 * A part of the picture, from `left` up to `right`, in pixels. Moments have whole pixels of their own,
 * counted from the beginning of the run: what is seen begins at one of them, `origin`, so that a
 * picture that is moved shows the same columns, and only what comes into sight has to be drawn.
 */
export interface Strip {
  /** Pixels for each ms. */
  readonly perMs: number
  readonly origin: number
  readonly left: number
  readonly right: number
}

/** Where a track lies: its middle, and how high a bar of writing may be. */
export interface Row {
  readonly middle: number
  readonly height: number
}

/** Colour is never the only sign: writing is the highest, waiting the lowest. */
export const barShare = [0.62, 0.8, 1] as const

/** Narrower spans are merged, in pixels. */
const narrow = 2

/** What lies in the strip, and the whole of what lies in it in part. */
export function addTrack(picture: Picture, track: Track, row: Row, strip: Strip) {
  const { perMs, origin } = strip
  const until = (origin + strip.right) / perMs
  const columns = new Columns(picture, row)
  const { from, to, kind } = track
  const first = track.firstAfter((origin + strip.left) / perMs)
  for (let index = first; index < track.length; index++) {
    const begins = from[index] as number
    if (begins > until) break
    const left = begins * perMs - origin
    const right = (to[index] as number) * perMs - origin
    const code = kind[index] as 0 | 1 | 2
    if (right - left >= narrow) addBar(picture, code, row, left, right)
    else columns.add(code, left, right)
  }
  columns.end()
}

export function addBar(picture: Picture, code: 0 | 1 | 2, row: Row, left: number, right: number) {
  const height = row.height * barShare[code]
  picture.bars[code].push(left, row.middle - height / 2, right - left, height)
}

/** Pixel columns of one track, from left to right; equal neighbours become one rectangle. */
class Columns {
  private readonly picture: Picture
  private readonly row: Row
  private pixel = Number.NaN
  private readonly time = new Float64Array(3)
  private runFrom = 0
  private runTo = 0
  private readonly run = new Float64Array(3)

  constructor(picture: Picture, row: Row) {
    this.picture = picture
    this.row = row
  }

  add(code: number, left: number, right: number): void {
    let start = left
    for (;;) {
      const pixel = Math.floor(start)
      if (pixel !== this.pixel) this.next(pixel)
      const stop = Math.min(right, pixel + 1)
      // The shortest counts, too: as a hair that the eye can find.
      this.time[code] = (this.time[code] as number) + Math.max(stop - start, 1e-4)
      if (right <= pixel + 1) return
      start = pixel + 1
    }
  }

  end(): void {
    this.next(Number.NaN)
    this.flush()
  }

  private next(pixel: number): void {
    if (!Number.isNaN(this.pixel)) this.close()
    this.pixel = pixel
    this.time.fill(0)
  }

  /** Heights in whole pixels: neighbours that look alike are one. */
  private close(): void {
    const { height } = this.row
    const { time, run } = this
    const waiting = heightOf(time[kindCode.waiting] as number, height)
    const reading = heightOf(time[kindCode.reading] as number, height)
    const writing = heightOf(time[kindCode.writing] as number, height)
    const same =
      run[kindCode.waiting] === waiting &&
      run[kindCode.reading] === reading &&
      run[kindCode.writing] === writing &&
      this.runTo === this.pixel
    if (!same) {
      this.flush()
      run[kindCode.waiting] = waiting
      run[kindCode.reading] = reading
      run[kindCode.writing] = writing
      this.runFrom = this.pixel
    }
    this.runTo = this.pixel + 1
  }

  private flush(): void {
    const { middle, height } = this.row
    const width = this.runTo - this.runFrom
    if (width <= 0) return
    let foot = middle + height / 2
    // Holding stands on the ground, waiting on top of it.
    for (const code of [kindCode.writing, kindCode.reading, kindCode.waiting] as const) {
      const high = Math.min(this.run[code] as number, foot - (middle - height / 2))
      if (high <= 0) continue
      this.picture.columns[code].push(this.runFrom, foot - high, width, high)
      foot -= high
    }
    this.runTo = this.runFrom
    this.run.fill(0)
  }
}

/** At least two pixels of what was there at all. */
function heightOf(share: number, height: number): number {
  return share === 0 ? 0 : Math.max(2, Math.round(Math.min(share, 1) * height))
}
