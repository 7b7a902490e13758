/** A wait that gives up says who held the lock, also when that is somebody in another tab. */

import type { Page } from '@playwright/test'
import { expect, openWorker, soon, test } from './locks-tabs'

interface Report {
  readonly name: string
  readonly message: string
  readonly holders: readonly string[]
  readonly waiters: readonly string[]
  readonly unknownHolders: number
  readonly unknownWaiters: number
}

/** Waits for the lock in vain, and tells what the error says. */
function giveUp(tab: Page): Promise<Report> {
  return tab.evaluate(async () => {
    const { TimeoutError } = agent.latchkey
    const error = await agent.locks
      .task('patient')
      .mutex('cart')
      .acquire({ timeout: 1 })
      .catch((reason) => reason)
    if (!(error instanceof TimeoutError)) throw error
    const { holders, waiters, unknownHolders, unknownWaiters } = error.report
    const party = ({ task, mode }: { task: string; mode: string }) => `${task} (${mode})`
    return {
      name: error.name,
      message: error.message,
      holders: holders.map(party),
      waiters: waiters.map(party),
      unknownHolders,
      unknownWaiters,
    }
  })
}

test('it counts a writer of another tab that waits at the gate of an RW lock', async ({
  openTab,
}) => {
  const holder = await openTab()
  const waiter = await openTab()
  const tab = await openTab()
  await holder.evaluate(async () => {
    agent.keep('hold', await agent.locks.task('author').rwLock('page').acquireWrite())
  })
  await waiter.evaluate(async () => {
    agent.keep('hold', agent.locks.task('editor').rwLock('page').acquireWrite())
    await agent.queued('page!w')
  })
  const report = () =>
    tab.evaluate(async () => {
      const error = await agent.locks
        .rwLock('page')
        .acquireRead({ timeout: 1 })
        .catch((reason) => reason)
      if (!(error instanceof agent.latchkey.TimeoutError)) throw error
      const { holders, waiters, unknownWaiters } = error.report
      const tasks = (parties: readonly { task: string }[]) => parties.map(({ task }) => task)
      return { holders: tasks(holders), waiters: waiters.length + unknownWaiters }
    })
  await expect.poll(report, soon).toEqual({ holders: ['author'], waiters: 1 })
  for (const each of [holder, waiter]) await each.evaluate(releaseHold)
})

for (const fair of ['bounded', 'strict'] as const) {
  test(`${fair}: it names the task of another tab that holds, and those that wait`, async ({
    openTab,
  }) => {
    const holder = await openTab()
    const waiter = await openTab()
    const tab = await openTab()
    await holder.evaluate(async (how) => {
      const mutex = agent.locks.task('checkout').mutex('cart', { fair: how })
      agent.keep('hold', await mutex.acquire())
    }, fair)
    await waiter.evaluate(async (how) => {
      agent.keep('hold', agent.locks.task('stock-taking').mutex('cart', { fair: how }).acquire())
      await agent.queued('cart')
    }, fair)
    await expect
      .poll(() => giveUp(tab), soon)
      .toMatchObject({
        name: 'TimeoutError',
        holders: ['checkout (exclusive)'],
        waiters: ['stock-taking (exclusive)'],
        unknownHolders: 0,
        unknownWaiters: 0,
      })
    expect((await giveUp(tab)).message).toContain('cart')
    for (const each of [holder, waiter]) await each.evaluate(releaseHold)
  })
}

test('it names a task of a worker of its own tab, and all the tasks of one agent', async ({
  openTab,
}) => {
  const tab = await openTab()
  const worker = await openWorker(tab)
  await worker.evaluate(async () => {
    agent.keep('hold', await agent.locks.task('checkout').mutex('cart').acquire())
    for (const task of ['second', 'third']) {
      agent.keep(task, agent.locks.task(task).mutex('cart').acquire())
    }
  })
  await expect
    .poll(() => giveUp(tab), soon)
    .toMatchObject({
      holders: ['checkout (exclusive)'],
      waiters: ['second (exclusive)', 'third (exclusive)'],
      unknownHolders: 0,
      unknownWaiters: 0,
    })
  await worker.evaluate(async () => {
    for (const task of ['hold', 'second', 'third']) {
      ;(await agent.kept<{ release(): void }>(task)).release()
    }
  })
})

test('users of the bare mechanism are counted as unknown', async ({ openTab }) => {
  const raw = await openTab()
  const tab = await openTab()
  await raw.evaluate(async () => {
    agent.keep('hold', await agent.holdRaw('cart'))
    agent.keep('behind', agent.holdRaw('cart'))
    await agent.queued('cart')
  })
  const unknown = { holders: [], waiters: [], unknownHolders: 1, unknownWaiters: 1 }
  await expect.poll(() => giveUp(tab), soon).toMatchObject(unknown)
  await raw.evaluate(async () => {
    for (const what of ['hold', 'behind']) {
      ;(await agent.kept<{ release(): void }>(what)).release()
    }
  })
})

test('a holder that is busy is unknown, and the error does not wait for it', async ({
  openTab,
}) => {
  const tab = await openTab()
  const worker = await openWorker(tab)
  await worker.evaluate(async () =>
    agent.keep('hold', await agent.locks.task('checkout').mutex('cart').acquire()),
  )
  // Blocked until the error is here: were it waited for, nothing would ever come.
  await tab.evaluate(async () => {
    const flag = new Int32Array(new SharedArrayBuffer(8))
    agent.keep('flag', flag)
    ;(await agent.kept<Worker>('worker')).postMessage({ block: flag })
    while (Atomics.load(flag, 1) === 0) await agent.turn()
  })
  expect(await giveUp(tab)).toMatchObject({ holders: [], unknownHolders: 1, unknownWaiters: 0 })
  await tab.evaluate(async () => {
    const flag = await agent.kept<Int32Array>('flag')
    Atomics.store(flag, 0, 1)
    Atomics.notify(flag, 0)
  })
  // It answers again.
  await expect
    .poll(() => giveUp(tab), soon)
    .toMatchObject({ holders: ['checkout (exclusive)'], unknownHolders: 0 })
  await worker.evaluate(releaseHold)
})

test('query lists the holds and waits of all tabs, ours by task', async ({ openTab }) => {
  const other = await openTab()
  const tab = await openTab()
  await other.evaluate(async () => agent.keep('hold', await agent.holdRaw('theirs')))
  const snapshot = await tab.evaluate(async () => {
    const hold = await agent.locks.task('mine').mutex('ours').acquire()
    const { held, pending } = await agent.locks.query()
    hold.release()
    const entries = held.map((entry) => [entry.name, 'task' in entry ? entry.task : 'another'])
    return { entries, pending: pending.length, stats: agent.locks.stats() }
  })
  expect(snapshot.entries).toEqual([
    ['ours', 'mine'],
    ['theirs', 'another'],
  ])
  expect(snapshot).toMatchObject({ pending: 0, stats: { holds: 0, waits: 0, names: 0 } })
  await other.evaluate(releaseHold)
})

async function releaseHold(): Promise<void> {
  ;(await agent.kept<{ release(): void }>('hold')).release()
}
