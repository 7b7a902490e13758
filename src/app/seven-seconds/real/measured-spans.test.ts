import { describe, expect, it } from 'vitest'
import { measuredOf, spansOf } from './measured-spans'

const event = (time: number, type: 'request' | 'grant' | 'release', mode = 'shared' as const) => ({
  time,
  type,
  mode,
  task: 'A',
  request: 'r1',
})

describe('spansOf', () => {
  it('waits until granted, then holds until released', () => {
    expect(spansOf([event(1, 'request'), event(3, 'grant'), event(7, 'release')], 9)).toEqual([
      { thread: 'A', kind: 'waiting', from: 1, to: 3 },
      { thread: 'A', kind: 'reading', from: 3, to: 7 },
    ])
  })

  it('ends what is under way now', () => {
    expect(spansOf([event(1, 'request')], 2)).toEqual([
      { thread: 'A', kind: 'waiting', from: 1, to: 2 },
    ])
  })

  it('draws no wait that took no time', () => {
    expect(spansOf([event(1, 'request'), event(1, 'grant')], 2)).toEqual([
      { thread: 'A', kind: 'reading', from: 1, to: 2 },
    ])
  })
})

describe('measuredOf', () => {
  it('is the nearest of the thread and kind', () => {
    const span = (thread: string, kind: 'reading' | 'waiting', from: number) => ({
      thread,
      kind,
      from,
      to: from + 5,
    })
    const measured = [
      span('A', 'reading', 12),
      span('A', 'reading', 61),
      span('A', 'waiting', 11),
      span('B', 'reading', 10),
    ]
    expect(measuredOf(span('A', 'reading', 10), measured)).toBe(measured[0])
    expect(measuredOf(span('A', 'reading', 60), measured)).toBe(measured[1])
    expect(measuredOf(span('C', 'reading', 10), measured)).toBeUndefined()
  })
})
