/**
 * Hidden, frozen and left pages. Between a release and the next turn of the event loop the library
 * may keep the browser's lock for a task that is expected back at once: nobody may be wedged by
 * that, whatever becomes of the page.
 */

import { type RealTab, RealTabs } from './locks-real-tabs'
import { expect, soon, test as tabTest } from './locks-tabs'

const test = tabTest.extend<{ readonly tabs: RealTabs }>({
  tabs: async ({ browser }, use) => {
    await use(await RealTabs.start(browser))
  },
})

test('a hidden tab in a hot loop, and one that has just ended its loop, let others in', async ({
  tabs,
}) => {
  const hidden = await tabs.open()
  const front = await tabs.open()
  await hidden.is('hidden')
  await hidden.evaluate(() => {
    const log = { stop: false, runs: 0 }
    agent.keep('log', log)
    const loop = async () => {
      while (!log.stop) await agent.locks.mutex('cart').run(() => log.runs++)
    }
    agent.keep('loop', loop())
  })
  // Each of these needs the hidden tab to let go, whose timers fire once a second at most.
  await front.evaluate(async () => {
    for (let i = 0; i < 50; i++) await agent.locks.mutex('cart').run(() => {})
    await (await agent.holdRaw('cart')).release()
  })
  await hidden.evaluate(async () => {
    ;(await agent.kept<{ stop: boolean }>('log')).stop = true
    await agent.kept('loop')
  })
  await front.evaluate(async () => {
    await (await agent.holdRaw('cart')).release()
  })
  await tabs.end(front)
})

test('a tab that is frozen after a hot loop has let go', async ({ tabs }) => {
  const frozen = await tabs.open()
  const front = await tabs.open()
  await frozen.is('hidden')
  await frozen.evaluate(async () => {
    agent.keep('events', new Promise((freeze) => document.addEventListener('freeze', freeze)))
    for (let i = 0; i < 1000; i++) await agent.locks.mutex('cart').run(() => {})
  })
  await frozen.freeze()
  await frozen.evaluate(() => agent.kept('events').then(() => {}))
  await front.evaluate(async () => {
    await agent.locks.mutex('cart').run(() => {})
    await (await agent.holdRaw('cart')).release()
  })
  await frozen.resume()
  // It goes on where it was.
  expect(await frozen.evaluate(() => agent.locks.mutex('cart').run(() => 'ran'))).toBe('ran')
  await tabs.end(front)
})

test('a frozen tab that waits is granted nothing, and goes on to wait when it resumes', async ({
  tabs,
}) => {
  const frozen = await tabs.open()
  const front = await tabs.open()
  await frozen.is('hidden')
  await front.evaluate(async () => {
    agent.keep('hold', await agent.holdRaw('cart'))
  })
  await frozen.evaluate(() => {
    agent.keep('late', agent.locks.mutex('cart').acquire())
    agent.keep('events', new Promise((freeze) => document.addEventListener('freeze', freeze)))
    // Before a page has used locks once, Chromium withdraws nothing.
    return navigator.locks.query().then(() => {})
  })
  await frozen.freeze()
  await frozen.evaluate(() => agent.kept('events').then(() => {}))
  await front.evaluate(async () => {
    await (await agent.kept<{ release(): Promise<void> }>('hold')).release()
    // Granted to the frozen one, it would be out of reach.
    for (let i = 0; i < 5; i++) await agent.locks.mutex('cart').run(() => {})
    await (await agent.holdRaw('cart')).release()
  })
  await frozen.resume()
  await frozen.evaluate(async () => (await agent.kept<{ release(): void }>('late')).release())
  await tabs.end(front)
})

test('others do not wait for the answer of a holder that is frozen, and have it when it resumes', async ({
  tabs,
}) => {
  const holder = await tabs.open()
  const front = await tabs.open()
  await holder.is('hidden')
  await holder.evaluate(async () => {
    agent.keep('hold', await agent.locks.task('checkout').mutex('cart').acquire())
  })
  await holder.freeze()
  // Whether a frozen page still hears the question is up to the browser.
  expect([['1 unknown'], ['checkout']]).toContainEqual(await holdersOf(front))
  await holder.resume()
  await expect.poll(() => holdersOf(front), soon).toEqual(['checkout'])
  await holder.evaluate(async () => (await agent.kept<{ release(): void }>('hold')).release())
  await tabs.end(front)
})

for (const event of ['pagehide', 'freeze'] as const) {
  for (const told of [true, false]) {
    const what = told ? 'is let go of at once' : 'else stays for the rest of the task'
    test(`a lock that is kept for the next in a loop ${what}: ${event}`, async ({ openTab }) => {
      const tab = await openTab()
      const got = await tab.evaluate(
        async ([type, isTold]) => {
          await agent.startWorker()
          const flag = new Int32Array(new SharedArrayBuffer(8))
          const worker = await agent.kept<Worker>('worker')
          const mutex = agent.locks.mutex('cart')
          for (let i = 0; i < 100; i++) await mutex.run(() => {})
          // In the microtasks of the last release the browser's lock is still this page's.
          if (isTold) (type === 'pagehide' ? window : document).dispatchEvent(new Event(type))
          // What the library let go of, the browser hears in microtasks.
          for (let i = 0; i < 20; i++) await null
          // From here on nothing of this page runs until the worker has the lock, or has been
          // refused: it asks with `ifAvailable`, again and again if it is to get it.
          worker.postMessage({ attempt: 'cart', flag, patient: isTold })
          while (Atomics.load(flag, 0) === 0);
          return Atomics.load(flag, 0) === 1
        },
        [event, told] as const,
      )
      expect(got).toBe(told)
    })
  }
}

test('a tab that goes elsewhere in the midst of a hot loop, and its page, are gone', async ({
  openTab,
}) => {
  const tab = await openTab()
  const other = await openTab()
  await tab.evaluate(() => {
    agent.keep('loop', agent.loop('cart'))
    agent.keep('reading', agent.locks.rwLock('settings').acquireRead())
    return agent.held('settings')
  })
  await tab.goto('about:blank')
  await other.evaluate(async () => {
    await agent.locks.mutex('cart').run(() => {})
    await agent.locks.rwLock('settings').write(() => {})
  })
  await tab.goBack()
  expect(await tab.evaluate(() => agent.locks.mutex('cart').run(() => 'ran'))).toBe('ran')
})

/** Who holds the lock, by what the error of a wait in vain says. */
function holdersOf(tab: RealTab): Promise<string[]> {
  return tab.evaluate(async () => {
    const error = await agent.locks
      .mutex('cart')
      .acquire({ timeout: 1 })
      .catch((reason) => reason)
    const { holders, unknownHolders } = (error as InstanceType<typeof agent.latchkey.TimeoutError>)
      .report
    const names = holders.map(({ task }) => task)
    return unknownHolders === 0 ? names : [...names, `${unknownHolders} unknown`]
  })
}
