import { beforeEach, describe, expect, it } from 'vitest'
import { useStore } from '../store'
import { momentAt, toEnd, toStart } from './moments'
import { type Frames, playback } from './playback'
import { runOf } from './runs'

const fresh = useStore.getInitialState()
let time = 0
let waiting: ((now: number) => void) | undefined
let reduced = false

const frames: Frames = {
  request: (frame) => {
    waiting = frame
    return 1
  },
  cancel: () => {
    waiting = undefined
  },
  reducedMotion: () => reduced,
}

function tick(ms: number) {
  time += ms
  const frame = waiting
  waiting = undefined
  frame?.(time)
}

const state = () => useStore.getState()
const run = () => runOf(state().scenario, state().policy)
let stop = () => {}

beforeEach(() => {
  stop()
  useStore.setState(fresh, true)
  time = 0
  waiting = undefined
  reduced = false
  stop = playback(useStore, frames)
})

describe('playback', () => {
  it('does nothing by itself', () => {
    expect(waiting).toBeUndefined()
    expect(state().moment.time).toBe(0)
  })

  it('passes virtual time at the chosen speed', () => {
    state().play(true)
    tick(16)
    expect(state().moment.time).toBe(0)
    tick(100)
    expect(state().moment.time).toBe(100)
    state().setSpeed(4)
    tick(100)
    expect(state().moment.time).toBe(500)
  })

  it('does not jump over what a hidden tab missed', () => {
    state().play(true)
    tick(0)
    tick(60_000)
    expect(state().moment.time).toBe(250)
  })

  it('stops at the end, and starts over from there', () => {
    state().move((all) => momentAt(all, all.duration - 50))
    state().play(true)
    tick(0)
    tick(100)
    expect(state().moment).toEqual(toEnd(run()))
    expect(state().playing).toBe(false)
    expect(waiting).toBeUndefined()
    state().play(true)
    expect(state().moment).toEqual(toStart(run()))
  })

  it('is ended by any move by hand', () => {
    state().play(true)
    tick(0)
    tick(100)
    state().move((all) => momentAt(all, 3000))
    expect(state().playing).toBe(false)
    expect(waiting).toBeUndefined()
    tick(100)
    expect(state().moment.time).toBe(3000)
  })

  it('goes on from where it was paused', () => {
    state().play(true)
    tick(0)
    tick(200)
    state().play(false)
    tick(500)
    state().play(true)
    tick(0)
    tick(100)
    expect(state().moment.time).toBe(300)
  })

  it('under reduced motion shows only moments at which something happens', () => {
    reduced = true
    const happens = new Set([0, ...run().steps.map((step) => step.time)])
    state().play(true)
    tick(0)
    const seen = new Set<number>()
    while (state().playing) {
      tick(200)
      if (state().playing) seen.add(state().moment.time)
    }
    expect([...seen].every((at) => happens.has(at))).toBe(true)
    expect(seen.size).toBe(happens.size)
    expect(state().moment).toEqual(toEnd(run()))
  })

  it('under reduced motion shows every event, also when frames are slow', () => {
    reduced = true
    state().setSpeed(4)
    state().play(true)
    tick(0)
    const seen: number[] = []
    while (state().playing) {
      tick(250)
      if (state().playing && state().moment.time !== seen.at(-1)) seen.push(state().moment.time)
    }
    expect(seen.filter((at) => at > 0)).toEqual([...new Set(run().steps.map((step) => step.time))])
  })
})
