import { describe, expect, it } from 'vitest'
import { countFrames, type FrameCount } from './frames'
import { ticker } from './tick'

/** Frames at the given times, in ms. */
function counted(times: readonly number[]): FrameCount {
  let due: ((time: number) => void) | undefined
  let count: FrameCount = { drawn: 0, dropped: 0 }
  const stop = countFrames(
    {
      request: (then) => {
        due = then
        return 1
      },
      cancel: () => {
        due = undefined
      },
    },
    (now) => {
      count = now
    },
  )
  for (const time of times) due?.(time)
  stop()
  due?.(1e9)
  return count
}

const every = (ms: number, count: number) => Array.from({ length: count }, (_, at) => at * ms)

describe('countFrames', () => {
  it('drops none on a steady screen, slow or fast', () => {
    expect(counted(every(1000 / 60, 100))).toEqual({ drawn: 100, dropped: 0 })
    expect(counted(every(1000 / 144, 400))).toEqual({ drawn: 400, dropped: 0 })
  })

  it('counts each that should have stood in a pause', () => {
    const late = [...every(1000 / 60, 10), 9 * (1000 / 60) + 5 * (1000 / 60)]
    expect(counted(late)).toEqual({ drawn: 11, dropped: 4 })
  })

  it('does not take a slow page for a slow screen', () => {
    expect(counted(every(1000 / 30, 61)).dropped).toBe(60)
  })

  it('takes a page that was hidden for what it is', () => {
    expect(counted([0, 16, 32, 60_000, 60_016]).dropped).toBe(0)
  })
})

describe('ticker', () => {
  function clock() {
    let now = 0
    let due: { readonly at: number; readonly then: () => void } | undefined
    return {
      now: () => now,
      setTimeout: (then: () => void, ms: number) => {
        due = { at: now + ms, then }
        return 1
      },
      clearTimeout: () => {
        due = undefined
      },
      advance: (ms: number) => {
        now += ms
        if (!due || due.at > now) return
        const { then } = due
        due = undefined
        then()
      },
    }
  }

  it('tells the first at once, and many as one', () => {
    const time = clock()
    let told = 0
    const ticks = ticker(() => told++, 100, time)
    ticks.note()
    expect(told).toBe(1)
    for (let at = 0; at < 50; at++) {
      ticks.note()
      time.advance(1)
    }
    expect(told).toBe(1)
    time.advance(50)
    expect(told).toBe(2)
  })

  it('tells what is untold when it is stopped, and nothing after', () => {
    const time = clock()
    let told = 0
    const ticks = ticker(() => told++, 100, time)
    ticks.note()
    ticks.note()
    ticks.stop()
    expect(told).toBe(2)
    ticks.note()
    time.advance(1_000)
    expect(told).toBe(2)
    ticks.stop()
    expect(told).toBe(2)
  })
})
