/**
 * Leases in real tabs and workers: frozen, hung, hidden and closed, over Web Locks and, on plain
 * http, over IndexedDB. Nothing here has a deadline but the test's own: leases are short, and
 * whatever is to be seen is waited for.
 */

import type { CDPSession, Page } from '@playwright/test'
import { expect } from '@playwright/test'
import { pagesURL } from '../playwright.config'
import { plainURL } from './indexed-db-tabs'
import { type RealTab, RealTabs } from './locks-real-tabs'
import { test as base } from './locks-tabs'

/** In ms. */
const ttl = 500

const test = base.extend<{ readonly tabs: RealTabs }>({
  tabs: async ({ browser }, use) => {
    const tabs = await RealTabs.start(browser)
    await use(tabs)
    await tabs.close()
  },
})

const origins = [
  ['Web Locks', `${pagesURL}/agent.html`],
  ['IndexedDB', `${plainURL}/agent.html`],
] as const

type Place = Pick<Page, 'evaluate'> | RealTab

/** Whoever asks next gets the lock, and keeps it: a late holder's release is not its loss. */
async function takes(place: Place, lock: string): Promise<void> {
  await (place as Page).evaluate(async (lock) => {
    agent.keep('taken', await agent.locks.mutex(lock).acquire())
  }, lock)
}

async function stillHolds(place: Place): Promise<boolean> {
  return (place as Page).evaluate(async () => {
    const { signal } = await agent.kept<{ signal: AbortSignal }>('taken')
    // What is on its way to be told is told by then.
    await agent.locks.query()
    return !signal.aborted
  })
}

async function leasedBy(place: Place, lock: string): Promise<void> {
  await (place as Page).evaluate(([lock, ttl]) => agent.leaseFor(lock, ttl), [lock, ttl] as const)
}

async function lossIn(place: Place, lock: string): Promise<string> {
  return (place as Page).evaluate((lock) => agent.lossOf(lock), lock)
}

/** How often somebody here has stolen a lock that is its user's. */
async function countThefts(place: Place): Promise<void> {
  await (place as Page).evaluate(() => {
    const request = LockManager.prototype.request
    const counted = globalThis as { thefts?: number }
    counted.thefts = 0
    LockManager.prototype.request = function (this: LockManager, ...args: unknown[]) {
      const [name, options] = args as [string, LockOptions]
      if (options?.steal && !name.includes('!')) counted.thefts = (counted.thefts ?? 0) + 1
      return Reflect.apply(request, this, args)
    } as typeof request
  })
}

async function theftsIn(place: Place): Promise<number> {
  return (place as Page).evaluate(() => (globalThis as { thefts?: number }).thefts ?? 0)
}

for (const [mechanism, address] of origins) {
  test(`over ${mechanism}, a frozen page loses its lock, and hears of it when it goes on`, async ({
    tabs,
  }) => {
    const frozen = await tabs.open(address)
    const front = await tabs.open(address)
    await frozen.is('hidden')
    await leasedBy(frozen, 'a')
    await frozen.freeze()
    await takes(front, 'a')
    await frozen.resume()
    // Over IndexedDB it gave up what it held when it was frozen.
    const why = mechanism === 'Web Locks' ? /its lease ran out/ : /what carried it went away/
    expect(await lossIn(frozen, 'a')).toMatch(why)
    expect(await stillHolds(front)).toBe(true)
  })

  test(`over ${mechanism}, a worker of a frozen page loses its lock`, async ({ tabs }) => {
    const frozen = await tabs.open(address)
    const front = await tabs.open(address)
    await frozen.is('hidden')
    await frozen.evaluate(() => agent.startWorker())
    await frozen.evaluate((ttl) => agent.inWorker('leaseFor', 'a', ttl).then(() => {}), ttl)
    await frozen.freeze()
    await takes(front, 'a')
    await frozen.resume()
    const loss = await frozen.evaluate(() => agent.inWorker('lossOf', 'a'))
    expect(loss).toMatch(/its lease ran out/)
    expect(await stillHolds(front)).toBe(true)
  })

  test(`over ${mechanism}, a page that hangs loses its lock`, async ({ context }) => {
    const hung = await open(context, address)
    const front = await open(context, address)
    await leasedBy(hung, 'a')
    const goOn = await halt(hung)
    await takes(front, 'a')
    await goOn()
    expect(await lossIn(hung, 'a')).toMatch(/its lease ran out/)
    expect(await stillHolds(front)).toBe(true)
  })

  test(`over ${mechanism}, a page that hangs before it hears of its grant has nothing`, async ({
    context,
  }) => {
    const hung = await open(context, address)
    const front = await open(context, address)
    await front.evaluate(async () => agent.keep('first', await agent.locks.mutex('a').acquire()))
    await hung.evaluate((ttl) => agent.keep('leased', agent.leaseFor('a', ttl)), ttl)
    await waiting(front, 'a')
    // One that hangs in the midst of a transaction holds up all of IndexedDB: what it began is done.
    await hung.evaluate(() => agent.locks.query().then(() => {}))
    const goOn = await halt(hung)
    await front.evaluate(async () => {
      ;(await agent.kept<{ release(): void }>('first')).release()
    })
    await takes(front, 'a')
    await goOn()
    expect(await stillHolds(front)).toBe(true)
    await front.evaluate(async () => {
      ;(await agent.kept<{ release(): void }>('taken')).release()
    })
    // It was lost before it was its user's; or its agent asked again, as it had not heard of it.
    const outcome = hung.evaluate(() =>
      agent.kept('leased').then(
        () => 'its turn came',
        (error) => `${error}`,
      ),
    )
    expect(await outcome).toMatch(/LockLostError.*its lease ran out|its turn came/)
  })

  test(`over ${mechanism}, a page that answers keeps its lock, and a closed one leaves it`, async ({
    context,
  }) => {
    const holder = await open(context, address)
    const front = await open(context, address)
    await leasedBy(holder, 'a')
    const taken = takes(front, 'a')
    await waiting(front, 'a')
    // Several leases long.
    const error = await holder.evaluate(async (ttl) => {
      const { locks } = agent
      const wait = locks.mutex('a').acquire({ timeout: 6 * ttl, reentrant: 'wait' })
      return String(await wait.catch((error) => error))
    }, ttl)
    expect(error).toMatch(/TimeoutError: .*held by task .* in this agent/)
    await holder.close()
    await taken
    expect(await stillHolds(front)).toBe(true)
  })
}

test('of many who wait for a frozen page, one steals, once', async ({ tabs }) => {
  const [, address] = origins[0]
  const frozen = await tabs.open(address)
  const waiters = [await tabs.open(address), await tabs.open(address), await tabs.open(address)]
  await frozen.is('hidden')
  for (const tab of waiters) await countThefts(tab)
  await leasedBy(frozen, 'a')
  await frozen.freeze()
  for (const tab of waiters) {
    await tab.evaluate((ttl) => {
      const runs = Array.from({ length: 5 }, (_, index) => {
        const options = index % 2 === 0 ? {} : { lease: { ttl } }
        return agent.locks
          .mutex('a', { fair: 'strict' })
          .run((hold) => !hold.signal.aborted, options)
      })
      agent.keep('runs', Promise.all(runs))
    }, ttl)
  }
  for (const tab of waiters) {
    expect(await tab.evaluate(() => agent.kept('runs'))).toEqual(Array(5).fill(true))
  }
  const thefts = await Promise.all(waiters.map(theftsIn))
  expect(thefts.reduce((sum, count) => sum + count)).toBe(1)
  await frozen.resume()
  expect(await lossIn(frozen, 'a')).toMatch(/its lease ran out/)
})

test('a frozen writer loses the lock and its gate, to readers and writers', async ({ tabs }) => {
  const [, address] = origins[0]
  const frozen = await tabs.open(address)
  const front = await tabs.open(address)
  await frozen.is('hidden')
  await frozen.evaluate(async (ttl) => {
    agent.keep('writer', await agent.locks.rwLock('r').acquireWrite({ lease: { ttl } }))
  }, ttl)
  await frozen.freeze()
  const done = front.evaluate(async () => {
    const lock = agent.locks.rwLock('r')
    return Promise.all([
      lock.write(() => 'wrote'),
      lock.read(() => 'read'),
      lock.write(() => 'wrote too'),
    ])
  })
  expect(await done).toEqual(['wrote', 'read', 'wrote too'])
  await frozen.resume()
  const aborted = () =>
    frozen.evaluate(async () => {
      return (await agent.kept<{ signal: AbortSignal }>('writer')).signal.aborted
    })
  await expect.poll(aborted).toBe(true)
})

test('a page that was busy in a loop has lost its lock', async ({ openTab }) => {
  const busy = await openTab()
  const front = await openTab()
  await leasedBy(busy, 'a')
  const loop = busy.evaluate(async () => {
    const flag = new Int32Array(new SharedArrayBuffer(4))
    // Hears for the page, which does not.
    const program = `onmessage=({data})=>{new BroadcastChannel('go on').onmessage=()=>{
      Atomics.store(data,0,1)};postMessage('hears')}`
    const address = URL.createObjectURL(new Blob([program]))
    const ear = new Worker(address)
    await new Promise((hears) => {
      ear.onmessage = hears
      ear.postMessage(flag)
    })
    new BroadcastChannel('busy').postMessage('now')
    while (Atomics.load(flag, 0) === 0);
    ear.terminate()
  })
  await takes(front, 'a')
  await front.evaluate(() => new BroadcastChannel('go on').postMessage('go on'))
  await loop
  expect(await lossIn(busy, 'a')).toMatch(/its lease ran out/)
  expect(await stillHolds(front)).toBe(true)
  await front.evaluate(async () => (await agent.kept<{ release(): void }>('taken')).release())
})

test.describe('who renews', () => {
  /** Counts workers and what they are told to do, from when the page is shown. */
  async function watchWorkers(tab: RealTab): Promise<void> {
    await tab.evaluate(() => {
      const told: string[] = []
      agent.keep('told', told)
      const Real = Worker
      globalThis.Worker = class extends Real {
        constructor(address: string | URL, options?: WorkerOptions) {
          super(address, options)
          told.push('made')
          this.addEventListener('message', () => told.push('beat'))
          this.addEventListener('error', () => told.push('refused'))
        }
        override terminate() {
          told.push('ended')
          super.terminate()
        }
      }
    })
  }

  const told = (tab: RealTab) => tab.evaluate(() => agent.kept<string[]>('told'))

  test('a hidden page has a worker for it, for as long as it has leases', async ({ tabs }) => {
    const [, address] = origins[0]
    const tab = await tabs.open(address)
    await watchWorkers(tab)
    await tab.evaluate((ttl) => {
      agent.keep('both', Promise.all([agent.leaseFor('a', ttl), agent.leaseFor('b', ttl)]))
      return agent.kept('both').then(() => {})
    }, ttl)
    expect(await told(tab)).toEqual([])
    const front = await tabs.open(address)
    await tab.is('hidden')
    await expect.poll(async () => (await told(tab)).slice(0, 3)).toEqual(['made', 'beat', 'beat'])
    await tab.evaluate(async () => {
      for (const lock of ['a', 'b']) {
        ;(await agent.kept<{ release(): void }>(`lease of ${lock}`)).release()
      }
    })
    // It is kept for a moment: another lease may need one.
    const deeds = async () => (await told(tab)).filter((what) => what !== 'beat')
    await expect.poll(deeds, { timeout: 40_000 }).toEqual(['made', 'ended'])
    expect(await front.evaluate(() => agent.leftOver(10_000))).toEqual([])
  })

  test('a page whose policy refuses the worker has its own timers', async ({ tabs }) => {
    const [, address] = origins[0]
    const tab = await tabs.open(address)
    await watchWorkers(tab)
    await tab.evaluate(async (ttl) => {
      const policy = document.createElement('meta')
      policy.httpEquiv = 'Content-Security-Policy'
      policy.content = "worker-src 'self'"
      document.head.append(policy)
      await agent.leaseFor('a', ttl)
    }, ttl)
    const front = await tabs.open(address)
    await tab.is('hidden')
    await expect.poll(async () => (await told(tab)).length).toBeGreaterThan(0)
    expect(await told(tab)).not.toContain('beat')
    const error = await front.evaluate(async (ttl) => {
      const wait = agent.locks.mutex('a').acquire({ timeout: 6 * ttl })
      return String(await wait.catch((error) => error))
    }, ttl)
    expect(error).toMatch(/TimeoutError/)
    await tab.evaluate(async () => {
      const hold = await agent.kept<{ signal: AbortSignal; release(): void }>('lease of a')
      hold.signal.throwIfAborted()
      hold.release()
    })
    expect(await front.evaluate(() => agent.leftOver(10_000))).toEqual([])
  })
})

async function open(context: { newPage(): Promise<Page> }, address: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(address)
  return page
}

/** Resolves once somebody waits for the lock, whatever the mechanism. */
async function waiting(page: Page, lock: string): Promise<void> {
  await page.evaluate(async (lock) => {
    const isIt = ({ name }: { readonly name: string }) => name === lock
    while (!(await agent.locks.query()).pending.some(isIt));
  }, lock)
}

/** Stops a page at a breakpoint: nothing of it runs. Answers what lets it go on. */
async function halt(page: Page): Promise<() => Promise<void>> {
  const session: CDPSession = await page.context().newCDPSession(page)
  await session.send('Debugger.enable')
  const paused = new Promise<void>((done) => session.once('Debugger.paused', () => done()))
  const stopped = page.evaluate(() => {
    // biome-ignore lint/suspicious/noDebugger: this is how it hangs.
    debugger
  })
  await paused
  return async () => {
    await session.send('Debugger.resume')
    await stopped
    await session.detach()
  }
}
