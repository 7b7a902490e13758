/**
 * Deadlocks of tasks that hold locks of one reach and wait for those of another one: no single lock
 * space sees the cycle, and it is found.
 */

import type { Page, Worker } from '@playwright/test'
import type { Reach } from '../src/locks'
import { after } from './deadlock-circle'
import { test as base, expect, openWorker } from './locks-tabs'
import type {} from './pages/agent'

interface Fixtures {
  /** A page whose workers share a memory with it, and the origin with everybody. */
  readonly cluster: Page
}

const test = base.extend<Fixtures>({
  cluster: async ({ openTab }, use) => {
    const page = await openTab()
    await page.evaluate(() => agent.makeCluster())
    await use(page)
    const left = () =>
      page.evaluate(async (after) => {
        const { held, pending } = await agent.detecting(after, 'cluster').query()
        return [...held, ...pending].map(({ name }) => name)
      }, after)
    await expect.poll(left).toEqual([])
    // So that nobody in the cluster has to prove any more that he lives.
    await page.close()
  },
})

type Place = readonly [where: Page | Worker, reach: Reach]

/** Each task holds a lock of its reach and asks for that of the next one. The last is the youngest. */
async function circle(places: readonly Place[]): Promise<unknown[]> {
  const evaluators = places.map(([where]) => where as Page)
  for (const [index, [, reach]] of places.entries()) {
    await evaluators[index]?.evaluate(
      ([index, reach, after]) => agent.holdFor(`t${index}`, `lock ${index}`, after, reach),
      [index, reach, after] as const,
    )
  }
  for (const [index, where] of evaluators.entries()) {
    const next = (index + 1) % places.length
    await where.evaluate(
      ([index, next, reach, after]) => {
        return agent.askFor(`t${index}`, `lock ${next}`, { reach, after })
      },
      [index, next, places[next]?.[1] as Reach, after] as const,
    )
  }
  return Promise.all(
    evaluators.map((where, index) => where.evaluate((index) => agent.endOf(`t${index}`), index)),
  )
}

function expected(count: number): unknown[] {
  const others = Array.from({ length: count - 1 }, (_, index) => `t${index}`)
  return [...others.map(() => 'done'), [`t${count - 1}`, ...others]]
}

test('of two tasks in a page', async ({ cluster }) => {
  const both: Place[] = [
    [cluster, 'origin'],
    [cluster, 'cluster'],
  ]
  expect(await circle(both)).toEqual(expected(2))
  expect(await circle(both.reverse())).toEqual(expected(2))
})

test('of a page and its worker, whichever is younger', async ({ cluster }) => {
  const worker = await openWorker(cluster)
  const both: Place[] = [
    [cluster, 'origin'],
    [worker, 'cluster'],
  ]
  expect(await circle(both)).toEqual(expected(2))
  expect(await circle(both.reverse())).toEqual(expected(2))
})

test('of two workers of one page', async ({ cluster }) => {
  const [one, other] = [await openWorker(cluster), await openWorker(cluster)]
  expect(
    await circle([
      [one, 'cluster'],
      [other, 'origin'],
    ]),
  ).toEqual(expected(2))
})

test('of five, in a page, two workers and another tab, over three reaches', async ({
  cluster,
  openTab,
}) => {
  const [one, other] = [await openWorker(cluster), await openWorker(cluster)]
  // Another page shares no memory with these: it reaches them over the origin alone.
  const tab = await openTab()
  expect(
    await circle([
      [cluster, 'realm'],
      [tab, 'origin'],
      [one, 'origin'],
      [other, 'cluster'],
      [cluster, 'cluster'],
    ]),
  ).toEqual(expected(5))
})

test('of whom nobody named: the beginning of a callback is enough', async ({ cluster }) => {
  const ends = await cluster.evaluate(async (after) => {
    const [origin, cluster] = [agent.detecting(after, 'origin'), agent.detecting(after, 'cluster')]
    const both = await Promise.allSettled([
      origin.mutex('a').run(() => cluster.mutex('b').run(() => 'one')),
      cluster.mutex('b').run(() => origin.mutex('a').run(() => 'other')),
    ])
    return both.map((end) => (end.status === 'rejected' ? end.reason.code : 'done')).sort()
  }, after)
  expect(ends).toEqual(['deadlock', 'done'])
})
