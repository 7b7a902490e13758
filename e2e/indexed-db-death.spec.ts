/**
 * An agent that ends, however it ends, while it holds locks over IndexedDB, waits for others, and
 * locks and unlocks one in a hot loop: everybody else goes on, and the next holder is told.
 */

import type { CDPSession, Page } from '@playwright/test'
import type { Hold } from '../src/locks/index'
import { type Agent, expect, openWorker, test } from './indexed-db-tabs'

interface Victim {
  readonly agent: Agent
  /** Its death; resolves without waiting for what follows from it. */
  readonly die: () => Promise<unknown>
}

const terminate = (tab: Page) =>
  tab.evaluate(async () => (await idb.kept<Worker>('worker')).terminate())

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
    die: () => terminate(tab),
  }),
  'a busy worker is terminated': async (tab) => {
    const worker = await openWorker(tab)
    return {
      agent: worker,
      die: async () => {
        await worker.evaluate(() => idb.block())
        await terminate(tab)
      },
    }
  },
  'the tab of a worker is closed': async (tab) => ({
    agent: await openWorker(tab),
    die: () => tab.close(),
  }),
}

for (const [title, victimOf] of Object.entries(deaths)) {
  test(`${title}: nobody is wedged`, async ({ openTab }) => {
    const survivor = await openTab()
    const victim = await victimOf(await openTab())

    await victim.agent.evaluate(async () => {
      idb.keep('holds', [
        await idb.locks.mutex('held').acquire(),
        await idb.locks.mutex('held strictly', { fair: 'strict' }).acquire(),
        await idb.take('read', 'shared'),
        await idb.take('written', 'exclusive'),
      ])
    })
    await survivor.evaluate(async () => {
      idb.keep('holds', [await idb.take('wanted', 'shared'), await idb.take('closed', 'exclusive')])
    })
    await victim.agent.evaluate(async () => {
      idb.keep('wanted', idb.take('wanted', 'exclusive'))
      idb.keep('closed', idb.take('closed', 'shared'))
      for (const name of ['wanted', 'closed']) await idb.seen('pending', name, 1)
      const loop = async () => {
        for (;;) await idb.locks.mutex('looped', { fair: 'strict' }).run(() => {})
      }
      idb.keep('loop', loop())
    })

    // It waits for all that the victim holds, and behind what it waits for.
    await survivor.evaluate(async () => {
      const waits = {
        held: idb.locks.mutex('held').acquire(),
        'held strictly': idb.locks.mutex('held strictly', { fair: 'strict' }).acquire(),
        read: idb.take('read', 'exclusive'),
        written: idb.take('written', 'shared'),
      }
      idb.keep('waits', Promise.all(Object.values(waits)))
      for (const name of Object.keys(waits)) await idb.seen('pending', name, 1)
      idb.keep('behind', idb.take('wanted', 'shared'))
      await idb.seen('pending', 'wanted', 2)
      for (let i = 0; i < 20; i++) await idb.locks.mutex('looped', { fair: 'strict' }).run(() => {})
    })

    await victim.die()

    await survivor.evaluate(async () => {
      for (const hold of await idb.kept<Hold[]>('waits'))
        hold.release()
        // A writer that waited is gone: the reader behind it is let in beside the first.
      ;(await idb.kept<Hold>('behind')).release()
      for (const hold of await idb.kept<Hold[]>('holds')) hold.release()
      await idb.locks.mutex('looped').run(() => {})
      for (const name of ['wanted', 'closed']) await (await idb.take(name, 'exclusive')).release()
    })
  })
}

test('a try finds out that the holder is dead, where nobody has waited', async ({ openTab }) => {
  const [victim, survivor] = [await openTab(), await openTab()]
  await survivor.evaluate(() => idb.port.ready)
  await victim.evaluate(async () => idb.keep('hold', await idb.take('a', 'exclusive')))
  await victim.close()
  await survivor.evaluate(async () => {
    // The browser may not have noticed yet.
    for (;;) {
      const hold = await idb.locks.mutex('a', { fair: 'strict' }).tryAcquire()
      if (hold === null) continue
      hold.release()
      return
    }
  })
})

test('the next holder is told what the last one left by dying', async ({ openTab }) => {
  const [victim, survivor] = [await openTab(), await openTab()]
  await victim.evaluate(async () => {
    idb.keep('hold', [await idb.take('a', 'exclusive'), await idb.take('b', 'shared')])
  })
  await victim.close()
  const told = await survivor.evaluate(async () => {
    const told: boolean[] = []
    for (const name of ['a', 'a', 'b']) {
      const grant = await idb.grant(name)
      told.push(grant.abandoned)
      grant.release()
    }
    return told
  })
  expect(told).toEqual([true, false, false])
})

test('what agents of earlier runs left behind is swept', async ({ openTab }) => {
  for (let i = 0; i < 3; i++) {
    const tab = await openTab()
    await tab.evaluate(async () => idb.keep('hold', await idb.take('swept', 'shared')))
    await tab.close()
  }
  const tab = await openTab()
  const left = await tab.evaluate(async () => {
    await idb.port.ready
    for (;;) {
      const names = (await indexedDB.databases()).map(({ name = '' }) => name)
      const presences = names.filter((name) => name.startsWith('latchkey presence '))
      if (presences.length === 1) return idb.port.rows()
    }
  })
  expect(left).toEqual([])
})
