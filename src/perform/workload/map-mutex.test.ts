import { expect, it } from 'vitest'
import type { LockEvent } from '../../locks'
import { JobsDone } from './map-mutex'

const event = (type: LockEvent['type'], time: number, task: string, lock: string): LockEvent =>
  ({
    ...{ type, time, task, lock, agent: 'Worker 1', mode: 'exclusive' },
    request: `${task} ${lock}`,
  }) as LockEvent

it('replays the jobs of each task with their holds as they came out', () => {
  const jobs = new JobsDone()
  // In batches that cut through an acquisition; the lock costs 3 ms each time here.
  jobs.note([
    event('request', 0, 'a', 'key 1'),
    event('request', 0, 'b', 'key 1'),
    event('request', 0, 'c', 'key 2'),
    event('grant', 3, 'a', 'key 1'),
    event('grant', 3, 'c', 'key 2'),
  ])
  jobs.note([
    event('release', 8, 'a', 'key 1'),
    event('grant', 11, 'b', 'key 1'),
    event('request', 8, 'a', 'key 2'),
    event('release', 15, 'c', 'key 2'),
    event('grant', 18, 'a', 'key 2'),
    event('release', 20, 'a', 'key 2'),
  ])
  jobs.note([event('release', 21, 'b', 'key 1')])
  // key 1: a 5, b 10, so 15; key 2: c 12, then a for 2, so 14.
  expect(jobs.replay()).toBe(15)
})

it('jobs that never came to their end are not in it', () => {
  const jobs = new JobsDone()
  jobs.note([event('request', 0, 'a', 'key 1'), event('grant', 1, 'a', 'key 1')])
  expect(jobs.replay()).toBe(0)
})
