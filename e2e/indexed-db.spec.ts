/** Locks over IndexedDB among tabs and workers, where the browser has no Web Locks. */

import type { Hold } from '../src/locks/index'
import { type Agent, expect, openWorker, test } from './indexed-db-tabs'

const full = Boolean(process.env.LATCHKEY_FULL)

test('there are no Web Locks here', async ({ openTab }) => {
  const tab = await openTab()
  const has = await tab.evaluate(() => [isSecureContext, 'locks' in navigator, 'indexedDB' in self])
  expect(has).toEqual([false, false, true])
})

for (const fair of ['bounded', 'strict'] as const) {
  test(`tabs and workers lose no update: ${fair}`, async ({ openTab }) => {
    const rounds = full ? 1000 : 100
    const [one, other] = [await openTab(), await openTab()]
    const agents: Agent[] = [one, other, await openWorker(one), await openWorker(other)]
    const counts = await Promise.all(
      agents.map((agent) =>
        agent.evaluate(([n, how]) => idb.count(n, how), [rounds, fair] as const),
      ),
    )
    expect(Math.max(...counts)).toBe(4 * rounds)
  })
}

test('requests of all agents are granted in the order of asking', async ({ openTab }) => {
  const tab = await openTab()
  const agents: Agent[] = [tab, await openWorker(tab), await openTab()]
  await tab.evaluate(async () => idb.keep('hold', await idb.locks.mutex('a').acquire()))
  for (let place = 0; place < 12; place++) {
    const agent = agents[place % agents.length] as Agent
    await agent.evaluate((mine) => {
      idb.keep(`turn ${mine}`, idb.line('a'))
    }, place)
    await agent.evaluate((wanted) => idb.seen('pending', 'a', wanted), place + 1)
  }
  await tab.evaluate(async () => (await idb.kept<Hold>('hold')).release())
  for (let place = 0; place < 12; place++) {
    const agent = agents[place % agents.length] as Agent
    expect(await agent.evaluate((mine) => idb.kept(`turn ${mine}`), place)).toBe(place)
  }
})

test('readers of several agents share, a writer waits for all and holds back the later', async ({
  openTab,
}) => {
  const tab = await openTab()
  const worker = await openWorker(tab)
  const other = await openTab()
  const asks: readonly (readonly [Agent, 'exclusive' | 'shared', string])[] = [
    [tab, 'exclusive', 'w0'],
    [worker, 'shared', 'r1'],
    [other, 'shared', 'r2'],
    [tab, 'exclusive', 'w3'],
    [worker, 'shared', 'r4'],
  ]
  for (const [place, [agent, mode, what]] of asks.entries()) {
    await agent.evaluate(([as, how]) => idb.keep(as, idb.take('a', how)), [what, mode] as const)
    if (place === 0) await agent.evaluate(() => idb.kept('w0').then(() => {}))
    else await agent.evaluate((wanted) => idb.seen('pending', 'a', wanted), place)
  }
  const free = (agent: Agent, what: string) =>
    agent.evaluate(async (held) => (await idb.kept<Hold>(held)).release(), what)
  const expectInside = async (holders: number, waiters: number) => {
    await tab.evaluate((wanted) => idb.seen('held', 'a', wanted), holders)
    await tab.evaluate((wanted) => idb.seen('pending', 'a', wanted), waiters)
  }
  await free(tab, 'w0')
  await expectInside(2, 2)
  await free(worker, 'r1')
  await expectInside(1, 2)
  await free(other, 'r2')
  await expectInside(1, 1)
  await free(tab, 'w3')
  await expectInside(1, 0)
  await free(worker, 'r4')
})

test('a try is answered at once; an abort lets those behind go', async ({ openTab }) => {
  const [tab, other] = [await openTab(), await openTab()]
  await tab.evaluate(async () => idb.keep('r1', await idb.take('a', 'shared')))
  await other.evaluate(() => {
    const controller = new AbortController()
    idb.keep('controller', controller)
    idb.keep('w2', idb.locks.rwLock('a', { policy: 'fifo' }).acquireWrite(controller))
    return idb.seen('pending', 'a', 1)
  })
  await tab.evaluate(() => {
    idb.keep('r3', idb.take('a', 'shared'))
    return idb.seen('pending', 'a', 2)
  })
  const tried = await other.evaluate(async () => {
    const { locks } = idb
    const lock = locks.rwLock('a', { policy: 'fifo' })
    return [await lock.tryAcquireRead(), await lock.tryAcquireWrite()]
  })
  expect(tried).toEqual([null, null])
  await other.evaluate(async () => (await idb.kept<AbortController>('controller')).abort('enough'))
  await tab.evaluate(async () => {
    for (const what of ['r1', 'r3']) (await idb.kept<Hold>(what)).release()
  })
  expect(await other.evaluate(() => idb.kept('w2').catch((reason) => reason))).toBe('enough')
})

test('who is robbed by another agent is told so, and those who wait go on behind the thief', async ({
  openTab,
}) => {
  const [tab, other] = [await openTab(), await openTab()]
  await tab.evaluate(async () => {
    const hold = await idb.locks.mutex('a').acquire()
    idb.keep('lost', new Promise((lost) => hold.signal.addEventListener('abort', lost)))
    idb.keep('why', hold.signal)
  })
  await other.evaluate(() => {
    idb.keep(
      'next',
      idb.locks.mutex('a').run(() => 'ran'),
    )
    return idb.seen('pending', 'a', 1)
  })
  await other.evaluate(async () => idb.keep('thief', await idb.grant('a', true)))
  const why = await tab.evaluate(async () => {
    await idb.kept('lost')
    const { reason } = await idb.kept<AbortSignal>('why')
    return [reason.name, reason.code]
  })
  expect(why).toEqual(['LockLostError', 'lock-lost'])
  await other.evaluate(() => Promise.all([idb.seen('held', 'a', 1), idb.seen('pending', 'a', 1)]))
  await other.evaluate(async () => (await idb.kept<Hold>('thief')).release())
  expect(await other.evaluate(() => idb.kept('next'))).toBe('ran')
})

test('who holds a lock is read from the table', async ({ openTab }) => {
  const [tab, other] = [await openTab(), await openTab()]
  const before = Date.now()
  await tab.evaluate(async () => {
    idb.keep('hold', await idb.locks.task('checkout').mutex('a', { fair: 'strict' }).acquire())
  })
  const [row, ...more] = await other.evaluate(async () => idb.port.rows())
  expect(more).toEqual([])
  expect(row).toMatchObject({ name: 'a', mode: 'exclusive', task: 'checkout' })
  expect(row?.since).toBeGreaterThanOrEqual(before)
  expect(row?.since).toBeLessThanOrEqual(Date.now())
  await tab.evaluate(async () => (await idb.kept<Hold>('hold')).release())
})
