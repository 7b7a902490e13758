/**
 * A tab of the cycle is frozen. Nobody knows whether its task still waits: nothing is reported. Once it
 * goes on, the cycle is found.
 *
 * A page that is told that it freezes withdraws what it waits for; its worker is told nothing, stands
 * still where it is, and cannot answer.
 */

import { expect } from '@playwright/test'
import { pagesURL } from '../playwright.config'
import { after, type Realm, realm, workerOf } from './deadlock-circle'
import { plainURL } from './indexed-db-tabs'
import { type RealTab, RealTabs } from './locks-real-tabs'
import { test as base, patience } from './locks-tabs'

const test = base.extend<{ readonly tabs: RealTabs }>({
  tabs: async ({ browser }, use) => {
    const tabs = await RealTabs.start(browser)
    await use(tabs)
    await tabs.close()
  },
})

const trusted = `${pagesURL}/agent.html`
const plain = `${plainURL}/agent.html`

/** Two tabs, the first of which the second one hides. */
async function openBoth(tabs: RealTabs, address: string) {
  const frozen = await tabs.open(address)
  const front = await tabs.open(address)
  await frozen.is('hidden')
  return { frozen, front }
}

for (const [mechanism, address] of [
  ['Web Locks', trusted],
  ['IndexedDB', plain],
] as const) {
  test(`over ${mechanism}, a frozen worker is unknown, and found when it goes on`, async ({
    tabs,
  }) => {
    const { frozen, front } = await openBoth(tabs, address)
    await frozen.evaluate(() => agent.startWorker())
    const [there, here] = [workerOf(frozen), realm(front)]
    await there.hold('t0', 'lock 0')
    await here.hold('t1', 'lock 1')
    await there.ask('t0', 'lock 1')
    await freeze(frozen)
    // Closes the cycle.
    await here.ask('t1', 'lock 0')
    expect(await holdersDuringRounds(front, 'lock 0')).toEqual({ known: [], unknown: 1 })
    await frozen.resume()
    await expectEnds({ there, here })
    await expectNothingLeft(front)
  })
}

test('over Web Locks, in the middle of a longer chain', async ({ tabs }) => {
  const { frozen, front } = await openBoth(tabs, trusted)
  await frozen.evaluate(() => agent.startWorker())
  const [there, here] = [workerOf(frozen), realm(front)]
  await here.hold('t0', 'lock 0')
  await there.hold('t1', 'lock 1')
  await here.hold('t2', 'lock 2')
  await there.ask('t1', 'lock 2')
  await freeze(frozen)
  await here.ask('t0', 'lock 1')
  await here.ask('t2', 'lock 0')
  expect(await holdersDuringRounds(front, 'lock 1')).toEqual({ known: [], unknown: 1 })
  await frozen.resume()
  const ends = [here.end('t0'), there.end('t1'), here.end('t2')]
  expect(await Promise.all(ends)).toEqual(['done', 'done', ['t2', 't0', 't1']])
  await expectNothingLeft(front)
})

test('over Web Locks, a frozen page waits for nothing until it goes on', async ({ tabs }) => {
  const { frozen, front } = await openBoth(tabs, trusted)
  const [there, here] = [realm(frozen), realm(front)]
  await there.hold('t0', 'lock 0')
  await here.hold('t1', 'lock 1')
  await there.ask('t0', 'lock 1')
  await freeze(frozen)
  await here.ask('t1', 'lock 0')
  // Whether a frozen page still hears the question is up to the browser.
  expect([
    { known: [], unknown: 1 },
    { known: ['t0'], unknown: 0 },
  ]).toContainEqual(await holdersDuringRounds(front, 'lock 0'))
  await frozen.resume()
  await expectEnds({ there, here })
  await expectNothingLeft(front)
})

test('over IndexedDB, a page that is frozen loses what it holds: there is no cycle', async ({
  tabs,
}) => {
  const { frozen, front } = await openBoth(tabs, plain)
  const [there, here] = [realm(frozen), realm(front)]
  await there.hold('t0', 'lock 0')
  await here.hold('t1', 'lock 1')
  await there.ask('t0', 'lock 1')
  await freeze(frozen)
  await here.ask('t1', 'lock 0')
  expect(await here.end('t1')).toBe('done')
  await frozen.resume()
  expect(await there.end('t0')).toBe('done')
  await expectNothingLeft(front)
})

async function expectEnds({ there, here }: { there: Realm; here: Realm }): Promise<void> {
  expect(await Promise.all([there.end('t0'), here.end('t1')])).toEqual(['done', ['t1', 't0']])
}

/** Resolves once the page has been told. */
async function freeze(tab: RealTab): Promise<void> {
  await tab.evaluate(() => {
    agent.keep('frozen', new Promise((freeze) => document.addEventListener('freeze', freeze)))
    // Before a page has used locks once, Chromium withdraws nothing.
    return agent.locks.query().then(() => {})
  })
  await tab.freeze()
  await tab.evaluate(() => agent.kept('frozen').then(() => {}))
}

/** For several rounds no deadlock is reported; who holds a lock, by what its error then says. */
async function holdersDuringRounds(tab: RealTab, lock: string) {
  const { told, ...holders } = await tab.evaluate(
    async ([lock, after]) => {
      const told: string[] = []
      agent.locks.subscribe(({ type }) => told.push(type))
      const wait = agent.locks.mutex(lock).acquire({ timeout: 5 * after })
      const error = await wait.catch((reason) => reason)
      if (!(error instanceof agent.latchkey.TimeoutError)) throw new Error(`not in vain: ${error}`)
      const { holders, unknownHolders } = error.report
      return { told, known: holders.map(({ task }) => task), unknown: unknownHolders }
    },
    [lock, after] as const,
  )
  expect(told).toContain('timeout')
  expect(told).not.toContain('deadlock')
  return holders
}

async function expectNothingLeft(tab: RealTab): Promise<void> {
  const left = () =>
    tab.evaluate(async () => {
      const { held, pending } = await agent.locks.query()
      return [...held, ...pending].map(({ name }) => name)
    })
  await expect.poll(left, { timeout: patience }).toEqual([])
}
