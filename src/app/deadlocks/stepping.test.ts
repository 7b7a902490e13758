import { beforeEach, expect, it } from 'vitest'
import { useStore } from '../store'
import { stepping } from './stepping'

const fresh = useStore.getInitialState()
beforeEach(() => useStore.setState(fresh, true))

function fakeTimers() {
  let due: { then: () => void; ms: number } | undefined
  return {
    timers: {
      setTimeout: (then: () => void, ms: number) => {
        due = { then, ms }
        return 1
      },
      clearTimeout: () => {
        due = undefined
      },
    },
    wait: () => due?.ms,
    elapse: () => {
      const now = due
      due = undefined
      now?.then()
    },
  }
}

const deadlocks = () => useStore.getState().deadlocks

it('plays to the end at its rate, and rests there', () => {
  const { timers, elapse, wait } = fakeTimers()
  stepping(useStore, timers)
  deadlocks().setRate(4)
  expect(wait()).toBeUndefined()
  deadlocks().play(true)
  expect(wait()).toBe(250)
  const { length } = deadlocks().schedule
  for (let step = 1; step <= length; step++) {
    elapse()
    expect(deadlocks().position).toBe(step)
  }
  expect(deadlocks().playing).toBe(false)
  expect(wait()).toBeUndefined()
  deadlocks().play(true)
  expect(deadlocks().position).toBe(0)
})

it('rests when one moves by hand', () => {
  const { timers, elapse, wait } = fakeTimers()
  const stop = stepping(useStore, timers)
  deadlocks().play(true)
  elapse()
  deadlocks().goTo(0)
  expect(wait()).toBeUndefined()
  deadlocks().play(true)
  stop()
  expect(wait()).toBeUndefined()
})
