/** Workloads on real workers and real tabs: nothing is lost under a lock, and nothing left behind. */

import type { Page } from '@playwright/test'
import { pagesURL } from '../playwright.config'
import type { LockEvent } from '../src/locks'
import type { Workload, WorkloadLock } from '../src/scenario'
import { plainHost } from '../vite.config'
import { expect, test } from './locks-tabs'
import type {} from './pages/workload'

const small: Workload = {
  title: 'Small',
  workers: 2,
  tabs: 2,
  tasks: 2,
  keys: 3,
  hot: 0.3,
  reads: 0.25,
  readHold: { kind: 'exponential', mean: 1 },
  writeHold: { kind: 'bimodal', short: 1, long: 5, longShare: 0.2 },
  think: { kind: 'fixed', ms: 0 },
  lock: { kind: 'none' },
  end: { kind: 'actions', actions: 240, shared: 'unevenly' },
  seed: 7,
}

const locks: readonly (readonly [string, WorkloadLock])[] = [
  ['one mutex, origin', { kind: 'mutex', reach: 'origin', fair: 'bounded' }],
  ['one mutex, cluster, strict', { kind: 'mutex', reach: 'cluster', fair: 'strict' }],
  ['keyed mutex, origin', { kind: 'keyed-mutex', reach: 'origin', fair: 'bounded' }],
  ['keyed mutex, cluster', { kind: 'keyed-mutex', reach: 'cluster', fair: 'bounded' }],
  [
    'RW lock, phase-fair, origin',
    { kind: 'rw-lock', policy: 'phase-fair', reach: 'origin', fair: 'bounded' },
  ],
  ['RW lock, fifo, cluster', { kind: 'rw-lock', policy: 'fifo', reach: 'cluster', fair: 'strict' }],
  [
    'keyed mutex, origin over IndexedDB',
    { kind: 'keyed-mutex', reach: 'indexed-db', fair: 'bounded' },
  ],
  [
    'a semaphore of one, origin',
    { kind: 'semaphore', permits: 1, reach: 'origin', fair: 'bounded' },
  ],
  ['raw navigator.locks', { kind: 'navigator-locks' }],
]

const perform = (page: Page, workload: Workload) =>
  page.evaluate((each) => workloadLab.perform(each), workload)

/** By acquisition: the types of its events, in their order. */
function acquisitions(events: readonly LockEvent[]): ReadonlyMap<string, readonly LockEvent[]> {
  const all = new Map<string, LockEvent[]>()
  for (const event of events) {
    const known = all.get(event.request) ?? []
    known.push(event)
    all.set(event.request, known)
  }
  return all
}

for (const [what, lock] of locks) {
  test(`two workers and two tabs under ${what}: every action done, no update lost`, async ({
    openTab,
  }) => {
    const page = await openTab('workload.html')
    const { outcome, events, left } = await perform(page, { ...small, lock })
    expect(outcome).toMatchObject({ done: 240, lost: 0, aborted: 0, dropped: 0 })
    expect(outcome.writes).toBeGreaterThan(100)
    expect(outcome.wait.count).toBe(240)
    expect(outcome.hold.count).toBe(240)
    expect(left).toEqual([])
    const all = [...acquisitions(events).values()]
    expect(all).toHaveLength(240)
    for (const each of all) {
      expect(each.map(({ type }) => type)).toEqual(['request', 'grant', 'release'])
      const [asked, granted, released] = each.map(({ time }) => time)
      expect(asked).toBeLessThanOrEqual(granted ?? 0)
      expect(granted).toBeLessThanOrEqual(released ?? 0)
    }
    expect(new Set(events.map(({ agent }) => agent))).toEqual(
      new Set(['Worker 1', 'Worker 2', 'Tab 1', 'Tab 2']),
    )
    const agents = ['This page', 'Worker 1', 'Worker 2', 'Tab 1', 'Tab 2']
    expect(outcome.agents.map(({ agent }) => agent)).toEqual(agents)
    // Who has joined a lock memory is present there for as long as it lives.
    await page.close()
    expectExclusion(events, 2 * Math.max(...outcome.agents.map((agent) => agent.uncertainty)))
  })
}

/** Nobody's section overlaps another one's on the same lock by more than the clocks may be apart. */
function expectExclusion(events: readonly LockEvent[], error: number): void {
  const held = [...acquisitions(events).values()].map(([, grant, release]) => ({
    lock: grant?.lock,
    mode: grant?.mode,
    from: grant?.time ?? 0,
    to: release?.time ?? 0,
  }))
  for (const one of held.filter(({ mode }) => mode === 'exclusive')) {
    const clash = held.filter(
      (other) =>
        other !== one &&
        other.lock === one.lock &&
        other.from + error < one.to &&
        one.from + error < other.to,
    )
    expect(clash).toEqual([])
  }
}

test('without a lock updates are lost, and counted', async ({ openTab }) => {
  const page = await openTab('workload.html')
  const { outcome, progress } = await perform(page, { ...small, keys: 1 })
  expect(outcome).toMatchObject({ done: 240, mechanism: 'none' })
  expect(outcome.lost).toBeGreaterThan(0)
  expect(outcome.lost).toBeLessThan(outcome.writes)
  // What was counted write by write is what the counters lack.
  expect(progress.at(-1)).toMatchObject({ kind: 'running', share: 1, lost: outcome.lost })
})

test('a lock that ends at the realm guards the tasks of one worker', async ({ openTab }) => {
  const page = await openTab('workload.html')
  const alone = { ...small, workers: 1, tabs: 0, tasks: 6, keys: 1 }
  for (const lock of [
    { kind: 'async-mutex' },
    { kind: 'mutex', reach: 'realm', fair: 'bounded' },
  ] as const) {
    const { outcome } = await perform(page, { ...alone, lock })
    expect(outcome).toMatchObject({ done: 240, lost: 0 })
  }
  const { outcome } = await perform(page, alone)
  expect(outcome.lost).toBeGreaterThan(0)
})

for (const lock of [
  { kind: 'mutex', reach: 'origin', fair: 'strict' },
  { kind: 'navigator-locks' },
] as const) {
  test(`ends by time under ${lock.kind}: whoever waits then gives up, and every request has its end`, async ({
    openTab,
  }) => {
    const page = await openTab('workload.html')
    const end = { kind: 'time', ms: 600 } as const
    const writeHold = { kind: 'fixed', ms: 20 } as const
    const busy = { ...small, keys: 1, reads: 0, writeHold, end, lock }
    const { outcome, events, progress, left } = await perform(page, busy)
    expect(outcome.lost).toBe(0)
    expect(outcome.aborted).toBeGreaterThan(0)
    expect(outcome.seconds).toBeGreaterThanOrEqual(0.6)
    const ends = [...acquisitions(events).values()].map((each) => each.at(-1)?.type)
    expect(ends.filter((type) => type === 'release')).toHaveLength(outcome.done)
    expect(ends.filter((type) => type === 'abort')).toHaveLength(outcome.aborted)
    expect(ends).toHaveLength(outcome.done + outcome.aborted)
    expect(progress[0]).toEqual({ kind: 'starting', ready: 0, participants: 4 })
    expect(left).toEqual([])
  })
}

test('too many events to draw: whole acquisitions are left out, and counted', async ({
  openTab,
}) => {
  const page = await openTab('workload.html')
  const none = { kind: 'fixed', ms: 0 } as const
  const rush = { ...small, workers: 1, tabs: 0, tasks: 4, reads: 0, writeHold: none }
  const end = { kind: 'actions', actions: 20_000, shared: 'evenly' } as const
  const lock = { kind: 'mutex', reach: 'realm', fair: 'bounded' } as const
  const { outcome, events } = await perform(page, { ...rush, end, lock })
  expect(outcome).toMatchObject({ done: 20_000, lost: 0 })
  expect(outcome.dropped).toBeGreaterThan(0)
  const all = [...acquisitions(events).values()]
  expect(all).toHaveLength(20_000 - outcome.dropped)
  expect(all.every((each) => each.length === 3)).toBe(true)
})

for (const lock of [
  { kind: 'keyed-mutex', reach: 'origin', fair: 'bounded' },
  { kind: 'rw-lock', policy: 'phase-fair', reach: 'cluster', fair: 'bounded' },
  { kind: 'navigator-locks' },
  { kind: 'none' },
] as const) {
  test(`cancelled at any moment under ${lock.kind}, nothing is left`, async ({ openTab }) => {
    const page = await openTab('workload.html')
    const long = { kind: 'time', ms: 60_000 } as const
    const workload = { ...small, lock, tabs: 1, end: long }
    for (const when of ['at once', 'starting', 'running', 'batch'] as const) {
      await test.step(when, async () => {
        const ended = await page.evaluate(
          ([each, moment]) => workloadLab.interrupt(each, moment, 'cancel'),
          [workload, when] as const,
        )
        expect(ended).toEqual({ outcome: 'the reason', left: [] })
        await expect.poll(() => page.workers()).toEqual([])
        await expect.poll(() => page.context().pages()).toHaveLength(1)
      })
    }
    await page.close()
  })
}

test('a tab that is closed ends the run, by its name', async ({ openTab }) => {
  const page = await openTab('workload.html')
  const lock = { kind: 'mutex', reach: 'origin', fair: 'strict' } as const
  const end = { kind: 'time', ms: 60_000 } as const
  const workload = { ...small, lock, end }
  const ended = page.evaluate((each) => workloadLab.interrupt(each, 'batch', 'wait'), workload)
  await expect.poll(() => page.title()).toBe('now')
  const tabs = page
    .context()
    .pages()
    .filter((each) => each !== page)
  expect(tabs).toHaveLength(2)
  await tabs[1]?.close()
  expect(await ended).toEqual({
    outcome: expect.stringMatching(/^TabError gone: Tab [12] was closed or reloaded before/),
    left: [],
  })
  await expect.poll(() => page.context().pages()).toHaveLength(1)
})

test('a tab that the browser blocks is told, and the others close', async ({ openTab }) => {
  const page = await openTab('workload.html')
  expect(await page.evaluate((each) => workloadLab.blocked(each), small)).toMatch(
    /^TabError blocked: .* all of its tabs\. Allow pop-ups/,
  )
  await expect.poll(() => page.context().pages()).toHaveLength(1)
})

test('a stolen lock ends the run', async ({ openTab }) => {
  const page = await openTab('workload.html')
  const end = { kind: 'time', ms: 60_000 } as const
  const writeHold = { kind: 'fixed', ms: 500 } as const
  const lock = { kind: 'navigator-locks' } as const
  const workload = { ...small, tabs: 0, keys: 1, reads: 0, writeHold, end, lock }
  const ended = page.evaluate((each) => workloadLab.interrupt(each, 'batch', 'wait'), workload)
  await expect.poll(() => page.title()).toBe('now')
  await page.evaluate(async () => {
    const { held = [] } = await navigator.locks.query()
    const name = held.find((each) => each.name?.startsWith('latchkey workload'))?.name ?? ''
    await navigator.locks.request(name, { steal: true }, () => {})
  })
  expect(await ended).toEqual({
    outcome: expect.stringMatching(/^RealRunError lock-lost: Worker [12]: /),
    left: [],
  })
})

test('a worker whose script does not load is told', async ({ page }) => {
  await page.route(/\/worker-[\w-]+\.js$/, (route) => route.fulfill({ status: 404 }))
  await page.goto(`${pagesURL}/workload.html`)
  const outcome = await page.evaluate((each) => workloadLab.fail(each), { ...small, tabs: 0 })
  expect(outcome).toMatch(/^RealRunError worker-failed: Worker \d: .*did not load/)
})

test('on plain http locks of the origin lose nothing, and what is not there is said', async ({
  page,
}) => {
  await page.goto(`${pagesURL.replace('127.0.0.1', plainHost)}/workload.html`)
  const lock = { kind: 'keyed-mutex', reach: 'origin', fair: 'bounded' } as const
  const end = { kind: 'actions', actions: 60, shared: 'evenly' } as const
  const { outcome } = await perform(page, { ...small, end, lock })
  expect(outcome).toMatchObject({ mechanism: 'indexed-db', done: 60, lost: 0 })
  const bare = await perform(page, { ...small, keys: 1, end })
  expect(bare.outcome.lost).toBeGreaterThan(0)
  for (const [lock, why] of [
    [{ kind: 'navigator-locks' }, 'no navigator.locks here'],
    [{ kind: 'mutex', reach: 'cluster', fair: 'bounded' }, 'no shared memory here'],
  ] as const) {
    const told = await page.evaluate((each) => workloadLab.fail(each), { ...small, lock })
    expect(told).toContain(`RealRunError unsupported: There is ${why}`)
  }
})

test('the load rises step by step, and stays below what the holds allow', async ({ openTab }) => {
  // Up to a dozen steps, each with workers of its own.
  test.slow()
  const page = await openTab('workload.html')
  const hold = { kind: 'fixed', ms: 10 } as const
  const lock = { kind: 'mutex', reach: 'origin', fair: 'strict' } as const
  const workload = { ...small, tabs: 0, keys: 1, reads: 0, writeHold: hold, think: hold, lock }
  const { steps, told, saturation, left } = await page.evaluate(
    (each) => workloadLab.cliff(each, 400),
    workload,
  )
  expect(saturation).toBe(2)
  expect(steps.map(({ load }) => load).slice(0, 5)).toEqual([1, 2, 4, 6, 8])
  expect(told).toEqual(steps.map(({ load }) => load))
  for (const { throughput, predicted, hold, lost } of steps) {
    expect(hold).toBeGreaterThanOrEqual(10)
    expect(throughput).toBeGreaterThan(0)
    expect(throughput).toBeLessThanOrEqual(predicted * 1.1)
    expect(lost).toBe(0)
  }
  // One alone never waits; with many in a queue each waits for all the others.
  expect(steps.at(-1)?.wait.p50).toBeGreaterThan(10 * (steps[0]?.wait.p50 ?? 0))
  expect(left).toEqual([])
})

test("mapmutex's first case, live: all is done, beside what it published", async ({ openTab }) => {
  const page = await openTab('workload.html')
  const { result, told } = await page.evaluate(() => workloadLab.mapMutex('1000_100_20_20'))
  expect(result).toMatchObject({ done: 1000, actions: 1000 })
  expect(result.published).toEqual({ mapMutex: 1.82, oneMutex: 20.16, done: 1000 })
  // The longest chain of a thousand sleeps of 20 ms among twenty tasks is a second at least.
  expect(result.least).toBeGreaterThan(1)
  expect(result.seconds).toBeGreaterThan(0.9 * result.least)
  expect(told.at(-1)).toBe(1000)
  expect([...told].sort((a, b) => a - b)).toEqual(told)
})
