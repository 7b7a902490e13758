/** How detection gets into `createLocks`, and what it refuses. */

import { describe, expect, test } from 'vitest'
import { createLocks } from '../create-locks'
import { DeadlockError } from '../errors'
import type { DeadlockParty } from '../events'
import { createLockMemory } from '../ports/shared-memory/create-lock-memory'
import { checkOrder } from './check-order'
import { detectDeadlocks } from './detect-deadlocks'

test.each([
  [() => detectDeadlocks({ after: 0 }), /^after must be between 1 and 2147483647, got 0/],
  [() => detectDeadlocks({ after: '1' as never }), /^after must be a number, got "1"/],
  [
    () => detectDeadlocks({ onDeadlock: 'kill' as never }),
    /^onDeadlock must be 'reject', 'report' or a function, got "kill"/,
  ],
  [() => detectDeadlocks(null as never), /^options must be an object, got null/],
  [
    () => createLocks({ deadlock: {} as never }),
    /^deadlock must be what detectDeadlocks\(\) answers, got an object/,
  ],
  [
    () => createLocks({ deadlock: null as never }),
    /^deadlock must be what detectDeadlocks\(\) answers, got null/,
  ],
  [
    () => createLocks({ order: detectDeadlocks() as never }),
    /^order must be what checkOrder\(\) answers, got an object/,
  ],
])('bad arguments are named: %s', (call, message) => {
  expect(call).toThrow(message)
})

describe('createLocks', () => {
  test('finds a deadlock in real time, after the latest settings for its reach', async () => {
    createLocks({ reach: 'realm', deadlock: detectDeadlocks({ after: 60_000 }) })
    const locks = createLocks({ reach: 'realm', deadlock: detectDeadlocks({ after: 20 }) })
    const both = [
      ['a', 'b'],
      ['b', 'a'],
    ].map(([first = '', second = '']) =>
      locks
        .task()
        .mutex(first)
        .run(async (hold) => {
          await Promise.resolve()
          return hold.mutex(second).run(() => 'done')
        }),
    )
    const ends = await Promise.allSettled(both)
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const rejected = ends.find((end) => end.status === 'rejected')
    expect(rejected?.reason).toBeInstanceOf(DeadlockError)
    expect(rejected?.reason).toMatchObject({ code: 'deadlock', cycle: [{}, {}] })
    expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
  })

  test('finds one over two reaches of this realm, by their tasks and by the beginnings of callbacks', async () => {
    const deadlock = detectDeadlocks({ after: 20 })
    const here = createLocks({ reach: 'realm', deadlock })
    const memory = createLockMemory()
    const cluster = createLocks({ reach: 'cluster', memory, deadlock })
    const ends = await Promise.allSettled([
      here.mutex('lock').run(async (hold) => {
        await Promise.resolve()
        return cluster
          .task(hold.task)
          .mutex('lock')
          .run(() => 'one')
      }),
      cluster.mutex('lock').run(() => here.mutex('lock').run(() => 'other')),
    ])
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const rejected = ends.find((end) => end.status === 'rejected')
    expect(rejected?.reason).toBeInstanceOf(DeadlockError)
    const reaches = rejected?.reason.cycle.map(({ reach }: DeadlockParty) => reach)
    expect(reaches.sort()).toEqual(['cluster', 'realm'])
    for (const locks of [here, cluster]) {
      expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
    }
  })

  test('refuses nothing that is left out', () => {
    createLocks({ reach: 'realm', deadlock: undefined, order: undefined })
    createLocks({ reach: 'realm', order: checkOrder('warn') })
  })
})
