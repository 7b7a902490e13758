import { expect, it } from 'vitest'
import type { LockEvent } from '../../../locks'
import { contentionOf, ofItsRealm } from './profile'

/** Two that ask for the same words at the same time; the second is let in at `granted`. */
function events(granted: number): readonly LockEvent[] {
  return (['Worker 1', 'Worker 2'] as const).flatMap((agent, at) => {
    const letIn = at === 0 ? 0 : granted
    const of = (type: 'request' | 'grant' | 'release', time: number): LockEvent => ({
      ...{ type, time, agent, task: agent, lock: 'hits', mode: 'exclusive', request: agent },
    })
    return [of('request', 0), of('grant', letIn), of('release', letIn + 10)]
  })
}

it('a wait for the lock is contention, and what both hold at once is none', () => {
  expect(contentionOf(events(10))).toEqual({ contentions: 1, delay: 10 })
  const copies = events(0).map((event) => ofItsRealm(event, event.agent))
  expect(new Set(copies.map(({ lock }) => lock)).size).toBe(2)
  expect(contentionOf(copies)).toEqual({ contentions: 0, delay: 0 })
})
