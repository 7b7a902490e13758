import { describe, expect, it } from 'vitest'
import { type Clock, narrator } from './narrator'

function virtualClock(): Clock & { advance: (ms: number) => void } {
  let time = 0
  let due: { at: number; then: () => void } | undefined
  return {
    now: () => time,
    setTimeout: (then, ms) => {
      due = { at: time + ms, then }
      return 1
    },
    clearTimeout: () => {
      due = undefined
    },
    advance: (ms) => {
      time += ms
      if (!due || due.at > time) return
      const { then } = due
      due = undefined
      then()
    },
  }
}

describe('narrator', () => {
  it('reads the first sentence at once, and of the next ones only the newest', () => {
    const heard: string[] = []
    const clock = virtualClock()
    const { say } = narrator((text) => heard.push(text), clock)
    say('one', 400)
    clock.advance(100)
    say('two', 400)
    clock.advance(100)
    say('three', 400)
    expect(heard).toEqual(['one'])
    clock.advance(200)
    expect(heard).toEqual(['one', 'three'])
  })

  it('says nothing more once stopped', () => {
    const heard: string[] = []
    const clock = virtualClock()
    const { say, stop } = narrator((text) => heard.push(text), clock)
    say('one', 400)
    say('two', 400)
    stop()
    clock.advance(1000)
    expect(heard).toEqual(['one'])
  })
})
