import { describe, expect, it } from 'vitest'
import type { LockEvent } from '../../../locks'
import { answered, type Disturbance, late, lockOfScene, type WroteBy } from './live'
import { disturbanceWords, mostAtOnce } from './live-words'

const crash: Disturbance = {
  ...{ name: 'Frame 1', participant: 0, blow: 'crash' },
  ...{ at: 100, lock: 'stage 1 leader' },
}

function grant(time: number, lock = 'stage 1 leader'): LockEvent {
  return {
    ...{ type: 'grant', time, lock, mode: 'exclusive' },
    ...{ agent: 'a', task: 't', request: '1' },
  }
}

describe('a disturbance', () => {
  it('is answered by the first grant of its lock to somebody else, after it', () => {
    const none = [
      answered([crash], 0, 'Frame 1', grant(104)),
      answered([crash], 1, 'Frame 2', grant(50)),
      answered([crash], 1, 'Frame 2', grant(104, 'stage 1 door')),
    ]
    for (const each of none) expect(each).toEqual([crash])
    const [found] = answered([crash], 1, 'Frame 2', grant(104))
    expect(found?.next).toEqual({ name: 'Frame 2', after: 4 })
    expect(answered(found ? [found] : [], 2, 'Frame 3', grant(200))).toEqual([found])
  })

  it('is told in a sentence, with what was measured', () => {
    expect(disturbanceWords(crash)).toBe('Frame 1 crashed while it led: nobody leads yet.')
    const next = { name: 'Frame 2', after: 1_740 }
    expect(disturbanceWords({ ...crash, blow: 'freeze', lock: 'stage 1 log', next })).toBe(
      'Frame 1 froze while it had the lock: Frame 2 had the lock 1.74 s later.',
    )
  })
})

it('late writes are those of older fences', () => {
  const wrote = (fence: number, before: number, refused?: string): WroteBy => ({
    ...{ at: 0, participant: 0, fence, before },
    refused,
  })
  const writes = [wrote(1, 0), wrote(1, 1), wrote(2, 1), wrote(1, 2, 'StaleFenceError')]
  expect(late(writes)).toEqual({ accepted: 1, refused: 1 })
})

it('what is there at once is counted by what overlaps, not by what touches', () => {
  const spans = [{ from: 0, to: 10 }, { from: 10, to: 20 }, { from: 5, to: 12 }, { from: 19 }]
  expect(mostAtOnce(spans, 30)).toBe(2)
  expect(mostAtOnce([], 30)).toBe(0)
})

it('each scene has locks of its own', () => {
  const names = ['stage 1 log', 'stage 1 leader', 'stage 1 permits 3', 'stage 1 flight!once']
  const scenes = ['faults', 'leader', 'semaphore', 'flight'] as const
  for (const [at, scene] of scenes.entries()) {
    expect(names.filter(lockOfScene(scene))).toEqual([names[at]])
  }
})
