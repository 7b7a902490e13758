import { describe, expect, it } from 'vitest'
import type { LockEvent } from '../../locks'
import { crashed, greeting, hired, told } from './participant'

function events(type: 'request' | 'grant' | 'release', time: number) {
  const event: LockEvent = {
    ...{ type, time, request: '1', mode: 'exclusive' },
    ...{ agent: 'a', task: 't', lock: 'stage 1 door' },
  }
  return { type: 'events', events: [event] } as const
}

describe('a participant shows', () => {
  const here = told(hired('Frame 1'), { type: 'ready', mechanism: 'web-locks' })

  it('what it waits for and has', () => {
    expect(here).toMatchObject({ kind: 'here', name: 'Frame 1', own: [] })
    const waits = told(here, events('request', 5))
    expect(waits).toMatchObject({ own: [{ held: false, since: 5 }] })
    const holds = told(waits, events('grant', 9))
    expect(holds).toMatchObject({ own: [{ held: true, since: 9 }] })
    expect(told(holds, events('release', 12))).toMatchObject({ own: [] })
  })

  it('nothing of what it had once it has crashed', () => {
    const holds = told(told(here, events('request', 5)), events('grant', 9))
    expect(crashed(holds)).toMatchObject({ kind: 'crashed', own: [] })
  })

  it('what went wrong, but not that somebody left the queue', () => {
    const refused = { type: 'refused', id: 1 } as const
    const left = { ...refused, name: 'AbortError', why: 'left' }
    expect(told(here, left)).toBe(here)
    const wrong = { ...refused, name: 'Error', why: 'holds it already' }
    expect(told(here, wrong)).toMatchObject({ trouble: 'holds it already' })
  })

  it('nothing before anybody hired it', () => {
    expect(told(greeting, events('grant', 1))).toBe(greeting)
    expect(crashed(greeting)).toBe(greeting)
  })
})
