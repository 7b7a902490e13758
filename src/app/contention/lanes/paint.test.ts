// @vitest-environment happy-dom
import fc from 'fast-check'
import { beforeEach, expect, it, vi } from 'vitest'
import { acquisition, randomRun } from '../testing/random-run'
import { Lanes } from './lanes'
import { newPicture } from './merge'
import { type Brush, paintPixels } from './paint'
import type { Palette } from './palette'
import { Pixels } from './pixels'
import { layoutOf } from './rows'
import { panned } from './view'

const colours = ['panel', 'ink', 'inkSoft', 'inkFaint', 'rule', 'reading', 'writing'] as const
const palette = Object.fromEntries(
  [...colours, 'waiting', 'waitingNarrow', 'waitingLine', 'onReading', 'onWriting'].map(
    (name, at) => [name, `rgb(${at + 1}, 0, 0)`],
  ),
) as Palette

beforeEach(() => {
  vi.stubGlobal(
    'ImageData',
    class {
      readonly data: Uint8ClampedArray
      constructor(width: number, height: number) {
        this.data = new Uint8ClampedArray(width * height * 4)
      }
    },
  )
})

function brushFor(width: number, height: number, scale: number): Brush {
  return {
    context: undefined as never,
    palette,
    scale,
    pixels: new Pixels(width, height),
    picture: newPicture(),
    drawn: undefined,
  }
}

it('shows the same after any moves as if it had been drawn at once', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 31 }),
      fc.integer({ min: 80, max: 260 }),
      fc.constantFrom(1, 2),
      fc.double({ min: 0.003, max: 0.9, noNaN: true }),
      fc.array(fc.double({ min: -0.6, max: 0.6, noNaN: true }), { minLength: 1, maxLength: 8 }),
      (seed, width, scale, share, moves) => {
        const run = randomRun(seed, { acquisitions: 300, agents: 3 })
        const lanes = new Lanes({ start: run.start })
        for (const event of run.events) lanes.add(event)
        // Somebody still waits.
        const [request] = acquisition({ request: 'x', from: 5_010, granted: 0, released: 0 })
        if (request) lanes.add(request)
        const layout = layoutOf(lanes)
        const bounds = { from: 0, to: lanes.end }
        let view = { from: lanes.end * 0.3 * (1 - share), to: 0 }
        view.to = view.from + lanes.end * share
        const moving = brushFor(width, layout.height, scale)
        paintPixels(moving, lanes, layout, view)
        for (const by of moves) {
          view = panned(view, bounds, by)
          paintPixels(moving, lanes, layout, view)
        }
        const still = brushFor(width, layout.height, scale)
        // At the same scale and on the same pixels, to the last digit.
        const { perMs = 1, origin = 0 } = moving.drawn ?? {}
        const at = { from: origin / perMs, to: (origin + width) / perMs }
        paintPixels(still, lanes, layout, at)
        expect(differences(moving.pixels, still.pixels)).toBe(0)
      },
    ),
    { numRuns: 60 },
  )
})

it('draws again when there is more to show', () => {
  const lanes = new Lanes({ start: 0 })
  for (const event of acquisition({ request: 'a', from: 0, granted: 0, released: 40 }))
    lanes.add(event)
  const layout = layoutOf(lanes)
  const brush = brushFor(100, layout.height, 1)
  const view = { from: 0, to: 100 }
  paintPixels(brush, lanes, layout, view)
  const before = new Uint32Array(brush.pixels.image.data.buffer.slice(0))
  for (const event of acquisition({ request: 'b', from: 50, granted: 50, released: 90 })) {
    lanes.add(event)
  }
  paintPixels(brush, lanes, layout, view)
  expect(new Uint32Array(brush.pixels.image.data.buffer)).not.toEqual(before)
})

function differences(one: Pixels, other: Pixels): number {
  const [a, b] = [one, other].map(({ image }) => new Uint32Array(image.data.buffer))
  return a?.reduce((sum, value, at) => sum + (value === b?.[at] ? 0 : 1), 0) ?? 0
}
