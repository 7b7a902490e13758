/** Leaders among real tabs: one at a time, whoever is closed, reloaded, crashes or is frozen. */

import type { Page } from '@playwright/test'
import type { Hold, Leader } from '../src/locks/index'
import { endings, testCarried } from './carried-tabs'
import { plainURL } from './indexed-db-tabs'
import { RealTabs } from './locks-real-tabs'
import { test as base, expect, patience } from './locks-tabs'

/** A tab of either kind. */
interface Tab {
  evaluate(look: () => Promise<boolean>): Promise<boolean>
}

/** Campaigns. */
function stand(): void {
  const { locks, keep } = globalThis.agent ?? idb
  const leader = locks.leader('sync', { ttl: 2_000 })
  const told: string[] = []
  leader.subscribe(({ type }) => told.push(type))
  keep('leader', leader)
  keep('told', told)
  keep('elected', leader.campaign())
}

/** Resolves once so many campaign or lead, as the mechanism knows them: it is another tab's look. */
async function standing(count: number): Promise<void> {
  for (;;) {
    const { held, pending } = await (globalThis.agent ?? idb).locks.query()
    if ([...held, ...pending].filter(({ name }) => name === 'sync').length === count) return
  }
}

async function fenceWhenElected(): Promise<number> {
  const hold = await (globalThis.agent ?? idb).kept<Hold>('elected')
  return hold.fence ?? Number.NaN
}

async function leads(): Promise<boolean> {
  return (await (globalThis.agent ?? idb).kept<Leader>('leader')).isLeader
}

function told(): Promise<string[]> {
  return (globalThis.agent ?? idb).kept('told')
}

async function resign(): Promise<void> {
  ;(await (globalThis.agent ?? idb).kept<Leader>('leader')).resign()
}

/** Which of them lead. */
function leading(tabs: readonly Tab[]): Promise<boolean[]> {
  return Promise.all(tabs.map((tab) => tab.evaluate(leads)))
}

for (const [how, end] of Object.entries(endings)) {
  testCarried(`a leader whose tab ${how} is succeeded by who campaigned next`, async (openTab) => {
    const tabs = [await openTab(), await openTab(), await openTab()]
    const [first, second, third] = tabs as [Page, Page, Page]
    for (const [index, tab] of tabs.entries()) {
      await tab.evaluate(stand)
      await (index === 0 ? second : first).evaluate(standing, index + 1)
    }
    const before = await first.evaluate(fenceWhenElected)
    expect(await leading(tabs)).toEqual([true, false, false])
    await end(first)
    const after = await second.evaluate(fenceWhenElected)
    expect(after).toBeGreaterThan(before)
    expect(await leading([second, third])).toEqual([true, false])
    await second.evaluate(resign)
    expect(await third.evaluate(fenceWhenElected)).toBeGreaterThan(after)
    expect(await leading([second, third])).toEqual([false, true])
    await third.evaluate(resign)
  })
}

testCarried('tabs that are reloaded again and again have one leader at a time', async (openTab) => {
  const tabs = [await openTab(), await openTab(), await openTab()]
  for (const tab of tabs) await tab.evaluate(stand)
  const fences: number[] = []
  for (let round = 0; round < 6; round++) {
    const elected = tabs.map(async (tab) => ({ tab, fence: await tab.evaluate(fenceWhenElected) }))
    const { tab, fence } = await Promise.race(elected)
    expect((await leading(tabs)).filter(Boolean)).toHaveLength(1)
    expect(await tab.evaluate(leads)).toBe(true)
    fences.push(fence)
    // Those who wait for their election go on waiting, also the one who has not been there since.
    for (const each of elected) each.catch(() => {})
    await tab.reload()
    await tab.evaluate(stand)
  }
  expect(fences).toEqual([...new Set(fences)].sort((a, b) => a - b))
  for (const tab of tabs) await tab.close()
})

const test = base.extend<{ readonly tabs: RealTabs }>({
  tabs: async ({ browser }, use) => {
    const tabs = await RealTabs.start(browser)
    await use(tabs)
    await tabs.close()
  },
})

for (const [mechanism, address] of [
  ['web-locks', undefined],
  ['indexed-db', `${plainURL}/agent.html`],
] as const) {
  test(`a leader that is frozen is replaced through its lease (${mechanism})`, async ({ tabs }) => {
    const frozen = await tabs.open(address)
    const front = await tabs.open(address)
    await frozen.is('hidden')
    await frozen.evaluate(stand)
    const before = await frozen.evaluate(fenceWhenElected)
    await front.evaluate(stand)
    await frozen.freeze()
    const after = await front.evaluate(fenceWhenElected)
    expect(after).toBeGreaterThan(before)
    await frozen.resume()
    expect(await leading([frozen, front])).toEqual([false, true])
    await expect.poll(() => frozen.evaluate(told)).toEqual(['elected', 'lost'])
    await front.evaluate(resign)
    // It does not campaign again by itself.
    expect(await leading([frozen, front])).toEqual([false, false])
    if (address !== undefined) return
    expect(await front.evaluate((ms) => agent.leftOver(ms), patience)).toEqual([])
  })
}
