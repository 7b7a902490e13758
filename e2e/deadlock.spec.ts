/** Deadlocks across real tabs and workers are found: one wait is rejected, the others go on. */

import type { Hold, RWLock } from '../src/locks'
import { after, circle, expected, realm } from './deadlock-circle'
import { expect, openWorker, test } from './locks-tabs'

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
    const locks = agent.detecting(after)
    const lock = locks.task('reader').rwLock('rw')
    agent.keep('lock', lock)
    agent.keep('outer', await lock.acquireRead())
  }, after)
  await other.evaluate((after) => {
    const locks = agent.detecting(after)
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
  await realm(one).hold('t0', 'mine')
  await other.evaluate(async () => agent.keep('raw', await agent.holdRaw('theirs')))
  await realm(one).ask('t0', 'theirs')
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
  expect(await realm(one).end('t0')).toBe('done')
})
