// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Boxes } from './merge'
import { Pixels, pixelOf } from './pixels'

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

/** Each pixel as a letter: `.` for none. */
function pictureOf(pixels: Pixels, letters: Readonly<Record<number, string>>): string[] {
  const values = new Uint32Array(pixels.image.data.buffer)
  return Array.from({ length: pixels.height }, (_, y) =>
    [...values.subarray(y * pixels.width, (y + 1) * pixels.width)]
      .map((value) => letters[value] ?? '.')
      .join(''),
  )
}

describe('Pixels', () => {
  it('knows a colour as the browser gives it', () => {
    const bytes = new Uint8Array(new Uint32Array([pixelOf('rgb(0, 114, 178)')]).buffer)
    expect([...bytes]).toEqual([0, 114, 178, 255])
  })

  it('fills what lies inside, at least a pixel of it', () => {
    const pixels = new Pixels(6, 4)
    pixels.fill(-2, 1, 4, 2, 1)
    pixels.fill(4.4, 0, 0.1, 1, 2)
    pixels.fill(9, 0, 3, 3, 3)
    pixels.fill(5, 3, 40, 40, 4)
    expect(pictureOf(pixels, { 1: 'a', 2: 'b', 3: 'c', 4: 'd' })).toEqual([
      '....b.',
      'aa....',
      'aa....',
      '.....d',
    ])
    pixels.begin(0, 6)
    expect(pictureOf(pixels, {}).join('')).toMatch(/^\.+$/)
  })

  it('writes only into the part that was begun, and moves the rest', () => {
    const pixels = new Pixels(6, 2)
    for (let x = 0; x < 6; x++) pixels.fill(x, 0, 1, 2, x + 1)
    const letters = { 1: 'a', 2: 'b', 3: 'c', 4: 'd', 5: 'e', 6: 'f', 9: 'z' }
    pixels.move(2)
    pixels.begin(4, 6)
    pixels.fill(3, 0, 2, 1, 9)
    expect(pictureOf(pixels, letters)).toEqual(['cdefz.', 'cdef..'])
    pixels.move(-3)
    pixels.begin(0, 3)
    expect(pictureOf(pixels, letters)).toEqual(['...cde', '...cde'])
  })

  it('hatches within a frame, and fills what is too narrow for that', () => {
    const pixels = new Pixels(12, 5)
    const boxes = new Boxes()
    boxes.push(0, 0, 8, 5)
    boxes.push(9, 0, 2, 5)
    pixels.hatchAll(boxes, { ground: 1, line: 2, narrow: 2, scale: 1 })
    const picture = pictureOf(pixels, { 1: '-', 2: '#' })
    expect(picture[0]).toBe('########.##.')
    expect(picture[4]).toBe('########.##.')
    expect(picture[2]?.slice(9)).toBe('##.')
    expect(picture[2]).toMatch(/^#.*-.*#\.##\.$/)
    expect(picture[1]).not.toBe(picture[2])
  })
})
