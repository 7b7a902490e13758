import { describe, expect, it } from 'vitest'
import type { LockEvent } from '../../../locks'
import { handOffs, seen } from './seen'
import { Track } from './track'

function event(
  type: 'request' | 'grant' | 'release' | 'abort',
  request: string,
  time: number,
  mode: LockEvent['mode'] = 'exclusive',
): LockEvent {
  return { type, request, time, mode, agent: 'a', task: 't', lock: 'door' }
}

function trackOf(...events: readonly LockEvent[]): Track {
  const track = new Track()
  for (const each of events) track.add(each)
  return track
}

const all = () => true

describe('a track', () => {
  it('has a bar for each wait and each hold, and how it ended', () => {
    const track = trackOf(
      event('request', '1', 0),
      event('grant', '1', 10),
      event('release', '1', 30),
      event('request', '2', 40, 'shared'),
      event('abort', '2', 45, 'shared'),
      event('request', '3', 50, 'shared'),
      event('grant', '3', 50, 'shared'),
    )
    expect(track.spans).toMatchObject([
      { kind: 'wait', from: 0, to: 10, end: 'granted' },
      { kind: 'write', from: 10, to: 30, end: 'released' },
      { kind: 'wait', from: 40, to: 45, end: 'gave up' },
      { kind: 'wait', from: 50, to: 50, end: 'granted' },
      { kind: 'read', from: 50 },
    ])
    expect([...track.open]).toMatchObject([{ request: '3', kind: 'read' }])
  })

  it('ends where its participant does', () => {
    const track = trackOf(event('request', '1', 0), event('grant', '1', 10))
    track.cut(25)
    expect(track.spans.at(-1)).toMatchObject({ kind: 'write', to: 25, end: 'died' })
    expect([...track.open]).toEqual([])
    track.add(event('release', '1', 30))
    expect(track.spans.at(-1)).toMatchObject({ to: 25, end: 'died' })
  })

  it('forgets what is long past', () => {
    const track = new Track()
    for (let at = 0; at < 2_000; at++) track.add(event('request', String(at), at))
    expect(track.spans.length).toBeLessThan(1_000)
    expect(track.spans.at(-1)).toMatchObject({ from: 1_999 })
  })
})

describe('a window', () => {
  const one = trackOf(event('request', '1', 0), event('grant', '1', 0), event('release', '1', 100))
  const two = trackOf(event('request', '2', 40), event('grant', '2', 101))

  it('shows what is in it, and cuts what is only partly', () => {
    expect(seen([one, two], { from: 50, to: 200 }, all)).toMatchObject([
      { row: 0, from: 50, to: 100, span: { kind: 'write' } },
      { row: 1, from: 50, to: 101, span: { kind: 'wait' } },
      { row: 1, from: 101, to: 200, span: { kind: 'write' } },
    ])
    expect(seen([one, two], { from: 0, to: 200 }, (lock) => lock !== 'door')).toEqual([])
  })

  it('tells who handed on to whom, and nothing of who came to a free lock', () => {
    const spans = seen([one, two], { from: 0, to: 200 }, all)
    expect(handOffs(spans)).toEqual([{ from: 0, to: 1, at: 101 }])
    const late = trackOf(event('request', '3', 300), event('grant', '3', 900))
    expect(handOffs(seen([one, late], { from: 0, to: 1_000 }, all))).toEqual([])
  })
})
