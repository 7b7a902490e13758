import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomRun } from '../testing/random-run'
import { Lanes } from './lanes'
import { addTrack, type Boxes, newPicture } from './merge'
import { Track } from './track'

const row = { middle: 50, height: 20 }

function stripOf(from: number, to: number, width: number) {
  const perMs = width / (to - from)
  return { perMs, origin: Math.round(from * perMs), left: 0, right: width }
}

function boxesOf({ values, length }: Boxes) {
  return Array.from({ length: length / 4 }, (_, at) => {
    const [x = 0, y = 0, width = 0, height = 0] = values.subarray(at * 4, at * 4 + 4)
    return { x, y, width, height }
  })
}

describe('addTrack', () => {
  it('draws a span of some pixels as a bar: writing the highest, waiting the lowest', () => {
    const track = new Track(0)
    track.push(10, 30, 0, 0)
    track.push(30, 60, 2, 0)
    track.push(70, 90, 1, 0)
    const picture = newPicture()
    addTrack(picture, track, row, stripOf(0, 100, 200))
    const [waiting, reading, writing] = picture.bars.map(boxesOf)
    expect(waiting).toEqual([
      { x: 20, width: 40, y: expect.closeTo(43.8, 3), height: expect.closeTo(12.4, 3) },
    ])
    expect(writing).toEqual([{ x: 60, width: 60, y: 40, height: 20 }])
    expect(reading?.[0]).toMatchObject({ x: 140, width: 40, height: 16 })
    expect(picture.columns.every(({ length }) => length === 0)).toBe(true)
  })

  it('divides a pixel as its time was, holding below, waiting on top', () => {
    const track = new Track(0)
    // A hundred in one pixel: half of the time waiting, a quarter writing.
    for (let at = 0; at < 100; at++) {
      track.push(at, at + 0.5, 0, 0)
      track.push(at + 0.5, at + 0.75, 2, 0)
    }
    const picture = newPicture()
    addTrack(picture, track, row, stripOf(0, 1_000, 10))
    expect(boxesOf(picture.columns[2])).toEqual([{ x: 0, y: 55, width: 1, height: 5 }])
    expect(boxesOf(picture.columns[0])).toEqual([{ x: 0, y: 45, width: 1, height: 10 }])
  })

  it('shows the shortest wait at the farthest zoom', () => {
    const track = new Track(0)
    track.push(50_000, 50_000.01, 0, 0)
    const picture = newPicture()
    addTrack(picture, track, row, stripOf(0, 100_000, 1_000))
    expect(boxesOf(picture.columns[0])).toEqual([{ x: 500, y: 58, width: 1, height: 2 }])
  })

  it('needs no more rectangles than there are pixels, and none that cannot be seen', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 31 }),
        fc.integer({ min: 40, max: 300 }),
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        (seed, width, begin, part) => {
          const { events, start } = randomRun(seed, { acquisitions: 400, agents: 2 })
          const lanes = new Lanes({ start })
          for (const event of events) lanes.add(event)
          const from = lanes.end * begin
          const strip = stripOf(from, from + lanes.end * part, width)
          for (const track of lanes.tracks) {
            const picture = newPicture()
            addTrack(picture, track, row, strip)
            const columns = picture.columns.flatMap(boxesOf)
            const bars = picture.bars.flatMap(boxesOf)
            expect(bars.length).toBeLessThanOrEqual(width / 2 + 2)
            expect(columns.length).toBeLessThanOrEqual(3 * (width + 3))
            const [top, foot] = [row.middle - row.height / 2, row.middle + row.height / 2]
            // One expectation for all: each costs more than the drawing.
            const odd = [...columns, ...bars].filter(
              ({ x, y, width: wide, height }) =>
                x + wide < -1 ||
                x > width + 2 ||
                y < top - 0.01 ||
                y + height > foot + 0.01 ||
                height <= 0,
            )
            expect(odd).toEqual([])
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})
