/** Deadlocks across real tabs and workers are found: one wait is rejected, the others go on. */

import type { Page, Worker } from '@playwright/test'
import type { Hold, RWLock } from '../src/locks'
import { expect, openWorker, test } from './locks-tabs'

/** Both evaluate; their overloads are alike. */
type Realm = Page | Worker
const inside = (realm: Realm) => realm as Page

const after = 200

/** A task of its own in this realm, which holds a lock; younger than all that were made before. */
async function hold(realm: Realm, task: string, lock: string): Promise<void> {
  await inside(realm).evaluate(
    async ([task, lock, after]) => {
      const { detectDeadlocks } = agent.deadlock
      const locks = agent.latchkey.createLocks({ deadlock: detectDeadlocks({ after }) })
      agent.keep(`${task} holds`, await locks.task(task).mutex(lock).acquire())
      // Clocks of whole milliseconds: the next one shall be younger.
      const { grantedAt } = await agent.kept<{ grantedAt: number }>(`${task} holds`)
      while (Date.now() <= grantedAt) await agent.turn()
    },
    [task, lock, after] as const,
  )
}

/** Asks for another lock on behalf of a task; releases both when it has it, or fell. */
async function ask(realm: Realm, task: string, lock: string): Promise<void> {
  await inside(realm).evaluate(
    async ([task, lock]) => {
      const held = await agent.kept<Hold>(`${task} holds`)
      const wait = async () => {
        try {
          ;(await held.mutex(lock).acquire()).release()
          return 'done'
        } catch (error) {
          const { DeadlockError } = agent.latchkey
          return error instanceof DeadlockError ? error.cycle.map(({ task }) => task) : `${error}`
        } finally {
          held.release()
        }
      }
      agent.keep(`${task} ends`, wait())
    },
    [task, lock] as const,
  )
}

function end(realm: Realm, task: string): Promise<unknown> {
  return inside(realm).evaluate((task) => agent.kept(`${task} ends`), task)
}

/** Each realm's task holds a lock and asks for that of the next one. The last is the youngest. */
async function circle(realms: readonly Realm[]): Promise<unknown[]> {
  const names = realms.map((_, index) => `t${index}`)
  for (const [index, realm] of realms.entries()) await hold(realm, `t${index}`, `lock ${index}`)
  for (const [index, realm] of realms.entries()) {
    await ask(realm, `t${index}`, `lock ${(index + 1) % realms.length}`)
  }
  return Promise.all(realms.map((realm, index) => end(realm, names[index] as string)))
}

function expected(count: number): unknown[] {
  const others = Array.from({ length: count - 1 }, (_, index) => `t${index}`)
  return [...others.map(() => 'done'), [`t${count - 1}`, ...others]]
}

test('of two tasks in a page', async ({ openTab }) => {
  const tab = await openTab()
  expect(await circle([tab, tab])).toEqual(expected(2))
})

test('of two tabs', async ({ openTab }) => {
  expect(await circle([await openTab(), await openTab()])).toEqual(expected(2))
})

test('of two workers of one page', async ({ openTab }) => {
  const page = await openTab()
  expect(await circle([await openWorker(page), await openWorker(page)])).toEqual(expected(2))
})

test('of a page and its worker', async ({ openTab }) => {
  const page = await openTab()
  expect(await circle([page, await openWorker(page)])).toEqual(expected(2))
})

test('of five, in two tabs and a worker', async ({ openTab }) => {
  const [one, other] = [await openTab(), await openTab()]
  const worker = await openWorker(other)
  expect(await circle([one, worker, other, one, other])).toEqual(expected(5))
})

test('of a reader that reads again, with a writer of another tab in between', async ({
  openTab,
}) => {
  const [one, other] = [await openTab(), await openTab()]
  await one.evaluate(async (after) => {
    const { detectDeadlocks } = agent.deadlock
    const locks = agent.latchkey.createLocks({ deadlock: detectDeadlocks({ after }) })
    const lock = locks.task('reader').rwLock('rw')
    agent.keep('lock', lock)
    agent.keep('outer', await lock.acquireRead())
  }, after)
  await other.evaluate((after) => {
    const { detectDeadlocks } = agent.deadlock
    const locks = agent.latchkey.createLocks({ deadlock: detectDeadlocks({ after }) })
    agent.keep('write', locks.task('writer').rwLock('rw').acquireWrite())
  }, after)
  const cycle = await one.evaluate(async () => {
    await agent.queued('rw')
    const lock = await agent.kept<RWLock>('lock')
    const outer = await agent.kept<Hold>('outer')
    // Once the budget is spent the cohort lets nobody in.
    while (Date.now() <= outer.grantedAt + 5) await agent.turn()
    const inner = lock.acquireRead({ reentrant: 'wait' })
    const error = await inner.catch((reason) => reason)
    outer.release()
    return error.cycle
  })
  expect(cycle).toMatchObject([
    { task: 'reader', lock: 'rw', mode: 'shared', behind: 'waiter' },
    { task: 'writer', lock: 'rw', mode: 'exclusive', behind: 'holder' },
  ])
  await other.evaluate(async () => (await agent.kept<Hold>('write')).release())
})

test('of none, where a wait is merely long and its holder knows no Latchkey', async ({
  openTab,
}) => {
  const [one, other] = [await openTab(), await openTab()]
  await hold(one, 't0', 'mine')
  await other.evaluate(async () => agent.keep('raw', await agent.holdRaw('theirs')))
  await ask(one, 't0', 'theirs')
  const { unknown } = await one.evaluate(async (after) => {
    const { TimeoutError } = agent.latchkey
    const told: string[] = []
    agent.locks.subscribe(({ type }) => told.push(type))
    const wait = agent.locks.mutex('theirs').acquire({ timeout: 5 * after })
    const error = await wait.catch((reason) => reason)
    if (!(error instanceof TimeoutError) || told.includes('deadlock')) throw error
    return { unknown: error.report.unknownHolders }
  }, after)
  expect(unknown).toBe(1)
  await other.evaluate(async () => (await agent.kept<{ release(): void }>('raw')).release())
  expect(await end(one, 't0')).toBe('done')
})
