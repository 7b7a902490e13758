/**
 * Copies and versions of the library beside each other: two bundled copies in one page and in two tabs
 * work together in everything that `createLocks` makes, and what another version says is passed over.
 * Of a newer database see indexed-db-mishaps.spec.ts, of another registry create-locks.test.ts.
 */

import type { Page } from '@playwright/test'
import type { Hold, Leader, Locks, Semaphore } from '../src/locks'
import { expect, test } from './locks-tabs'

/** The locks of the copy that the tab has bundled itself, and of the minified one: both kept. */
async function loadBoth(tab: Page): Promise<void> {
  await tab.evaluate(async () => {
    const copy = await agent.anotherCopy()
    if (copy.createLocks === agent.latchkey.createLocks) throw new Error('it is the same copy')
    if (copy.createLocks.name === 'createLocks') throw new Error('it is not minified')
    agent.keep('other', copy.createLocks())
  })
}

test('two copies in one page share semaphores', async ({ openTab }) => {
  const tab = await openTab()
  await loadBoth(tab)
  const outcome = await tab.evaluate(async () => {
    const other = await agent.kept<Locks>('other')
    const [mine, theirs] = [agent.locks, other].map((locks) => locks.semaphore('uploads', 3)) as [
      Semaphore,
      Semaphore,
    ]
    const two = await mine.acquire(2)
    const refused = await theirs.tryAcquire(2)
    const one = await theirs.acquire()
    const order: string[] = []
    const waits = [
      mine.run(() => order.push('mine, 2'), { permits: 2 }),
      theirs.run(() => order.push('theirs, 1')),
      mine.run(() => order.push('mine, 1')),
    ]
    const stats = [agent.locks.stats(), other.stats()]
    one.release()
    await agent.turn()
    const early = [...order]
    two.release()
    await Promise.all(waits)
    return { refused, order, early, stats }
  })
  const stats = { holds: 2, waits: 3, names: 1 }
  expect(outcome).toEqual({
    refused: null,
    // Who wants many is not overtaken by who wants few.
    early: [],
    order: ['mine, 2', 'theirs, 1', 'mine, 1'],
    stats: [stats, stats],
  })
})

test('two copies in one page fly once', async ({ openTab }) => {
  const tab = await openTab()
  await loadBoth(tab)
  const outcome = await tab.evaluate(async () => {
    const other = await agent.kept<Locks>('other')
    let runs = 0
    const work = async () => {
      runs++
      await agent.turn()
      return { answer: 42 }
    }
    const both = [agent.locks, other, agent.locks]
    const results = await Promise.all(both.map((locks) => locks.once('catalogue', work)))
    const fail = () => Promise.reject(new RangeError('no such page'))
    const failures = await Promise.all(
      both.map((locks) => locks.once('broken', fail).catch((error) => `${error}`)),
    )
    return { runs, results, failures }
  })
  expect(outcome).toEqual({
    runs: 1,
    results: Array(3).fill({ answer: 42 }),
    failures: Array(3).fill('RangeError: no such page'),
  })
})

test('two copies in one page elect one leader, and their fences rise together', async ({
  openTab,
}) => {
  const tab = await openTab()
  await loadBoth(tab)
  const outcome = await tab.evaluate(async () => {
    const other = await agent.kept<Locks>('other')
    const [mine, theirs] = [agent.locks.leader('sync'), other.leader('sync')] as [Leader, Leader]
    const fences = [(await mine.campaign()).fence]
    const next = theirs.campaign()
    const leaders = [mine.isLeader, theirs.isLeader]
    mine.resign()
    fences.push((await next).fence)
    leaders.push(mine.isLeader, theirs.isLeader)
    theirs.resign()
    for (const locks of [agent.locks, other, agent.locks]) {
      const hold = await locks.mutex('cart').acquire({ fence: true, lease: true })
      fences.push(hold.fence)
      hold.release()
    }
    return { leaders, fences }
  })
  expect(outcome.leaders).toEqual([true, false, false, true])
  const [first, second, ...others] = outcome.fences.map(Number)
  expect(second).toBeGreaterThan(Number(first))
  expect(others).toEqual([...new Set(others)].sort((a, b) => a - b))
})

test('two copies in two tabs exclude each other, explain, share results and see each other', async ({
  openTab,
}) => {
  const [first, second] = [await openTab(), await openTab()]
  await loadBoth(second)
  await first.evaluate(async () => {
    agent.keep('hold', await agent.locks.task('first').mutex('cart').acquire())
    agent.keep('permits', await agent.locks.semaphore('uploads', 2).acquire(2))
  })
  const refused = await second.evaluate(async () => {
    const other = await agent.kept<Locks>('other')
    const said = other
      .mutex('cart')
      .acquire({ timeout: 200 })
      .catch((error) => [error.code, error.message])
    const permit = await other.semaphore('uploads', 2).tryAcquire()
    return { said: await said, permit }
  })
  expect(refused).toEqual({ said: ['timeout', expect.stringContaining('first')], permit: null })

  const seen = second.evaluate(async () => {
    const other = await agent.kept<Locks>('other')
    return new Promise<string>((resolve) => {
      const stop = other.watch(({ locks }) => {
        const [holder] = locks.find(({ name }) => name === 'cart')?.holders ?? []
        if (holder?.kind !== 'latchkey') return
        stop()
        resolve(holder.task)
      })
    })
  })
  expect(await seen).toBe('first')

  const waiting = second.evaluate(async () => {
    const other = await agent.kept<Locks>('other')
    await other.semaphore('uploads', 2).run(() => {}, { permits: 2 })
    return other.mutex('cart').run(() => 'granted')
  })
  await second.evaluate(() => agent.turn())
  await first.evaluate(async () => {
    for (const what of ['permits', 'hold']) (await agent.kept<Hold>(what)).release()
  })
  expect(await waiting).toBe('granted')
})

/** What a version to come may say, in the words of this one and in others. */
test('what another version says is passed over', async ({ openTab }) => {
  const [tab, stranger] = [await openTab(), await openTab()]
  const channels = [
    'latchkey',
    'latchkey indexed-db',
    'latchkey over indexed-db',
    'latchkey observe',
  ]
  // Hears what is said while everything is in use.
  await stranger.evaluate(async (names) => {
    const heard: [string, unknown][] = []
    const open = names.map((name) => {
      const channel = new BroadcastChannel(name)
      channel.onmessage = ({ data }) => heard.push([name, data])
      return channel
    })
    agent.keep('heard', heard)
    agent.keep('channels', open)
    // Somebody to ask about, over either mechanism.
    const { createLocks } = agent.latchkey
    const both = [agent.locks, createLocks({ mechanism: 'indexed-db' })]
    const holds = both.map((locks) => locks.mutex('theirs').acquire({ lease: true }))
    agent.keep('holds', await Promise.all(holds))
  }, channels)

  const use = () =>
    tab.evaluate(async () => {
      const { createLocks } = agent.latchkey
      const everywhere = [agent.detecting(50), createLocks({ mechanism: 'indexed-db' })]
      const told: unknown[] = []
      for (const locks of everywhere) {
        const stop = locks.watch(() => {})
        const hold = await locks.mutex('cart').acquire({ lease: true, fence: true })
        for (const name of ['cart', 'theirs']) {
          const late = locks.mutex(name).acquire({ timeout: 300 })
          told.push(await late.catch((error) => error.code))
        }
        told.push(await locks.once('catalogue', () => 'flown'))
        told.push(await locks.semaphore('uploads', 2).run(() => 'permitted'))
        told.push(hold.signal.aborted)
        hold.release()
        stop()
      }
      return told
    })
  const asEver = ['timeout', 'timeout', 'flown', 'permitted', false]
  expect(await use()).toEqual([...asEver, ...asEver])

  const types = await stranger.evaluate(async () => {
    const heard = await agent.kept<[string, { readonly type?: string }][]>('heard')
    return [...new Set(heard.map(([, message]) => message.type ?? ''))]
  })
  expect(types).toEqual(
    expect.arrayContaining(['who', 'parties', 'watch', 'told', 'once flying', 'roll call']),
  )

  // All of it again and again, as if a later version said so, and things that nobody says.
  await stranger.evaluate(async () => {
    const heard = await agent.kept<[string, object][]>('heard')
    const open = await agent.kept<BroadcastChannel[]>('channels')
    const again = heard.map(([name, message]) => [name, { ...message, latchkey: 2 }] as const)
    const nonsense = [
      ...[null, undefined, 7, 'latchkey', [], { latchkey: 2 }, { type: 'who' }],
      { latchkey: 2, type: 'front', name: 'cart', front: 'later' },
      { latchkey: 2, type: 'robbed', robbed: 'everybody' },
    ]
    const say = () => {
      for (const channel of open) {
        for (const [name, message] of again) if (name === channel.name) channel.postMessage(message)
        for (const message of nonsense) channel.postMessage(message)
      }
    }
    agent.keep('timer', setInterval(say, 20))
  })
  expect(await use()).toEqual([...asEver, ...asEver])
  const lost = await stranger.evaluate(async () => {
    clearInterval(await agent.kept<number>('timer'))
    for (const channel of await agent.kept<BroadcastChannel[]>('channels')) channel.close()
    const lost: boolean[] = []
    for (const hold of await agent.kept<Hold[]>('holds')) {
      lost.push(hold.signal.aborted)
      hold.release()
    }
    return lost
  })
  expect(lost).toEqual([false, false])
})

test('another registry in the page is refused and left alone', async ({ openTab }) => {
  const tab = await openTab()
  const outcome = await tab.evaluate(async () => {
    const key = Symbol.for('latchkey')
    const realm = globalThis as unknown as Record<symbol, unknown>
    const theirs = Object.freeze({ protocol: 99 })
    realm[key] = theirs
    const { createLocks } = await agent.anotherCopy()
    try {
      createLocks()
      return 'nothing was refused'
    } catch (error) {
      return [realm[key] === theirs, (error as { code: string }).code, `${error}`]
    }
  })
  expect(outcome).toEqual([
    true,
    'unsupported',
    expect.stringContaining('another copy of Latchkey here speaks protocol 99'),
  ])
})
