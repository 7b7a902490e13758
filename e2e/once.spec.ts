/** Single flight among real tabs: one works, all get its result, and the dead are replaced. */

import { expect, type Page } from '@playwright/test'
import { endings, queued, testCarried } from './carried-tabs'

/** Calls; the work, wherever it is done, goes on until somebody says so. */
async function call(tab: Page): Promise<void> {
  await tab.evaluate(() => {
    const { locks, keep } = globalThis.agent ?? idb
    const work = () => {
      document.title = 'works'
      return new Promise((resolve, reject) => keep('end', { resolve, reject }))
    }
    const outcome = locks.once('a', work).then(
      (value) => ({ value }),
      ({ name, message, code }) => ({ name, message, code }),
    )
    keep('outcome', outcome)
  })
}

/** The tab that works. Whoever waits for a result waits for nothing else. */
function worker(tabs: readonly Page[]): Promise<Page> {
  const found = tabs.map(async (tab) => {
    await tab.waitForFunction(() => document.title === 'works')
    return tab
  })
  return Promise.race(found)
}

async function counted(tabs: readonly Page[]): Promise<number> {
  const titles = await Promise.all(tabs.map((tab) => tab.title()))
  return titles.filter((title) => title === 'works').length
}

function outcomes(tabs: readonly Page[]): Promise<unknown[]> {
  return Promise.all(
    tabs.map((tab) => tab.evaluate(() => (globalThis.agent ?? idb).kept('outcome'))),
  )
}

interface Ends {
  resolve(value: unknown): void
  reject(error: unknown): void
}

async function endWith(tab: Page, end: (ends: Ends) => void): Promise<void> {
  await tab.evaluate(async (source) => {
    const ends = await (globalThis.agent ?? idb).kept<Ends>('end')
    new Function('ends', `(${source})(ends)`)(ends)
  }, String(end))
}

testCarried('of four tabs that call one works, and all get its result', async (openTab) => {
  const tabs = [await openTab(), await openTab(), await openTab(), await openTab()]
  await Promise.all(tabs.map(call))
  const [first] = tabs as [Page]
  await queued(first, 'a!once', 3)
  await endWith(await worker(tabs), ({ resolve }) => resolve({ rows: new Map([[1, 'one']]) }))
  const maps = tabs.map((tab) =>
    tab.evaluate(async () => {
      const outcome = await (globalThis.agent ?? idb).kept<{
        value: { rows: Map<number, string> }
      }>('outcome')
      return outcome.value.rows.get(1)
    }),
  )
  expect(await Promise.all(maps)).toEqual(['one', 'one', 'one', 'one'])
  expect(await counted(tabs)).toBe(1)
})

testCarried('the next call works anew', async (openTab) => {
  const tabs = [await openTab(), await openTab()]
  const values: number[] = []
  for (const tab of [...tabs, ...tabs]) {
    values.push(
      await tab.evaluate(() => (globalThis.agent ?? idb).locks.once('a', () => Math.random())),
    )
  }
  expect(new Set(values).size).toBe(4)
})

testCarried('a failure rejects in all tabs', async (openTab) => {
  const tabs = [await openTab(), await openTab(), await openTab()]
  await Promise.all(tabs.map(call))
  await queued(tabs[0] as Page, 'a!once', 2)
  await endWith(await worker(tabs), ({ reject }) => {
    reject(Object.assign(new Error('no more room'), { name: 'QuotaError', code: 'quota' }))
  })
  const told = { name: 'QuotaError', message: 'no more room', code: 'quota' }
  expect(await outcomes(tabs)).toEqual([told, told, told])
})

testCarried('what cannot be cloned stays in its tab, and the others are told', async (openTab) => {
  const tabs = [await openTab(), await openTab()]
  await Promise.all(tabs.map(call))
  await queued(tabs[0] as Page, 'a!once', 1)
  const done = await worker(tabs)
  await endWith(done, ({ resolve }) => resolve(document.body))
  const others = tabs.filter((tab) => tab !== done)
  const [told] = await outcomes(others)
  expect(told).toMatchObject({ name: 'TypeError' })
  expect((told as Error).message).toMatch(
    /^the outcome of once\("a"\) cannot be sent .*could not be cloned/,
  )
  const own = await done.evaluate(async () => {
    const { value } = await (globalThis.agent ?? idb).kept<{ value: unknown }>('outcome')
    return value === document.body
  })
  expect(own).toBe(true)
})

for (const [how, end] of Object.entries(endings)) {
  testCarried(`a worker whose tab ${how} is replaced by one who waits`, async (openTab) => {
    const tabs = [await openTab(), await openTab(), await openTab(), await openTab()]
    await Promise.all(tabs.map(call))
    await queued(tabs[0] as Page, 'a!once', 3)
    const victim = await worker(tabs)
    await end(victim)
    const others = tabs.filter((tab) => tab !== victim)
    await endWith(await worker(others), ({ resolve }) => resolve('anew'))
    const anew = { value: 'anew' }
    expect(await outcomes(others)).toEqual([anew, anew, anew])
    expect(await counted(others)).toBe(1)
  })
}
