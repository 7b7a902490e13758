/**
 * An agent that ends, however it ends, while it holds locks, waits for others, and locks and
 * unlocks one in a hot loop: everybody else goes on.
 */

import type { CDPSession, Page } from '@playwright/test'
import { expect, openWorker, test } from './locks-tabs'

/** Whatever dies: a tab, or a worker of one. */
interface Victim {
  readonly agent: Pick<Page, 'evaluate'>
  /** Its death; resolves without waiting for what follows from it. */
  readonly die: () => Promise<unknown>
}

const deaths: Readonly<Record<string, (tab: Page) => Promise<Victim>>> = {
  'a tab is closed': async (tab) => ({ agent: tab, die: () => tab.close() }),
  'a tab crashes': async (tab) => {
    const session: CDPSession = await tab.context().newCDPSession(tab)
    return {
      agent: tab,
      die: async () => {
        const crashed = tab.waitForEvent('crash')
        // Nobody is left to answer.
        session.send('Page.crash').catch(() => {})
        await crashed
      },
    }
  },
  'a tab goes elsewhere': async (tab) => ({ agent: tab, die: () => tab.goto('about:blank') }),
  'a tab reloads': async (tab) => ({ agent: tab, die: () => tab.reload() }),
  'a worker is terminated': async (tab) => ({
    agent: await openWorker(tab),
    die: () => tab.evaluate(async () => (await agent.kept<Worker>('worker')).terminate()),
  }),
  'the tab of a worker is closed': async (tab) => ({
    agent: await openWorker(tab),
    die: () => tab.close(),
  }),
}

for (const [title, victimOf] of Object.entries(deaths)) {
  test(`${title}: nobody is wedged`, async ({ openTab }) => {
    const survivor = await openTab()
    const victim = await victimOf(await openTab())

    // It holds one lock of each kind, and waits for one of each kind that the survivor holds.
    await victim.agent.evaluate(async () => {
      const { locks } = agent
      agent.keep('holds', [
        await locks.mutex('held').acquire(),
        await locks.mutex('held strictly', { fair: 'strict' }).acquire(),
        await locks.keyedMutex('held keys').acquire(7),
        await locks.rwLock('read').acquireRead(),
        await locks.rwLock('written').acquireWrite(),
        await (await locks.rwLock('downgraded').acquireWrite()).downgrade(),
      ])
    })
    await survivor.evaluate(async () => {
      const { locks } = agent
      agent.keep('holds', [
        await locks.mutex('wanted').acquire(),
        await locks.rwLock('wanted to write').acquireRead(),
        await locks.rwLock('wanted to read').acquireWrite(),
      ])
    })
    await victim.agent.evaluate(async () => {
      const { locks } = agent
      agent.keep('wanted', locks.mutex('wanted').acquire())
      agent.keep('to write', locks.rwLock('wanted to write').acquireWrite())
      agent.keep('to read', locks.rwLock('wanted to read').acquireRead())
      for (const name of ['wanted', 'wanted to write', 'wanted to read']) await agent.queued(name)
      agent.keep('loop', agent.loop('looped'))
    })

    // The survivor waits for all of it, also behind the victim's own waits.
    await survivor.evaluate(async () => {
      const { locks } = agent
      const ran = [
        locks.mutex('held').run(() => 'held'),
        locks.mutex('held strictly', { fair: 'strict' }).run(() => 'held strictly'),
        locks.keyedMutex('held keys').run(7, () => 'held keys'),
        locks.rwLock('read').write(() => 'read'),
        locks.rwLock('written').read(() => 'written'),
        locks.rwLock('downgraded').write(() => 'downgraded'),
      ]
      agent.keep('ran', Promise.all(ran))
      const names = ['held', 'held strictly', 'held keys:7', 'read', 'written', 'downgraded']
      for (const name of names) await agent.queued(name)
      // In the loop's midst, which is a hundred hand-offs between the two.
      for (let i = 0; i < 100; i++) await locks.mutex('looped', { fair: 'strict' }).run(() => {})
      agent.keep('behind', [
        locks.mutex('wanted', { fair: 'strict' }).run(() => 'wanted'),
        locks.rwLock('wanted to write', { fair: 'strict' }).read(() => 'wanted to write'),
        locks.rwLock('wanted to read', { fair: 'strict' }).write(() => 'wanted to read'),
      ])
      await agent.queued('wanted', 2)
      await agent.queued('wanted to write', 2)
      await agent.queued('wanted to read!w')
    })

    await victim.die()

    const ran = await survivor.evaluate(async () => {
      const { locks } = agent
      const first = await agent.kept<string[]>('ran')
      const looped = await locks.mutex('looped').run(() => 'looped')
      for (const hold of await agent.kept<{ release(): void }[]>('holds')) hold.release()
      const behind = await Promise.all(await agent.kept<Promise<string>[]>('behind'))
      return [...first, looped, ...behind]
    })
    expect(ran).toEqual([
      ...['held', 'held strictly', 'held keys', 'read', 'written', 'downgraded', 'looped'],
      ...['wanted', 'wanted to write', 'wanted to read'],
    ])
  })
}

test('a worker that is terminated while its thread is blocked lets go of its locks', async ({
  openTab,
}) => {
  const tab = await openTab()
  const worker = await openWorker(tab)
  await worker.evaluate(async () => agent.keep('hold', await agent.locks.mutex('held').acquire()))
  // Once the evaluation is over it blocks for good.
  await worker.evaluate(() => {
    agent.turn().then(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
  })
  const ran = await tab.evaluate(async () => {
    const ran = agent.locks.mutex('held').run(() => 'ran')
    await agent.queued('held')
    const worker = await agent.kept<Worker>('worker')
    worker.terminate()
    return ran
  })
  expect(ran).toBe('ran')
})
