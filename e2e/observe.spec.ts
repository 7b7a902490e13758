/** Recording in real tabs and workers, and what comes together of them. */

import { RealTabs } from './locks-real-tabs'
import { expect, openWorker, soon, test } from './locks-tabs'
import type {} from './pages/agent'

/** Records whatever its agent locks; what it collects comes back. */
async function startRecording(): Promise<string> {
  const recorder = agent.observe.record(agent.locks, { sample: 1 })
  agent.keep('recorder', recorder)
  return agent.locks.space.agent
}

/** Takes and gives back, for some ms each time. */
async function useLock({ times, ms }: { times: number; ms: number }): Promise<void> {
  const mutex = agent.locks.mutex('shared', { fair: 'strict' })
  for (let i = 0; i < times; i++) {
    await mutex.run(() => new Promise((resolve) => setTimeout(resolve, ms)))
  }
}

async function collect(timeout: number) {
  const recorder = await agent.kept<import('../src/observe').Recorder>('recorder')
  return recorder.collect({ timeout })
}

test('two tabs and a worker come together on one clock', async ({ openTab }) => {
  const [first, second] = [await openTab(), await openTab()]
  const worker = await openWorker(first)
  const ids = [
    await first.evaluate(startRecording),
    await second.evaluate(startRecording),
    await worker.evaluate(startRecording),
  ]
  const work = { times: 10, ms: 5 }
  await Promise.all([
    first.evaluate(useLock, work),
    second.evaluate(useLock, work),
    worker.evaluate(useLock, work),
  ])
  const { agents, locks, events, contention } = await first.evaluate(collect, 20_000)
  expect(agents.map(({ agent }) => agent).sort()).toEqual([...ids].sort())
  expect(agents.map(({ kind }) => kind).sort()).toEqual(['page', 'page', 'worker'])
  const [lock] = locks.filter(({ lock }) => lock === 'shared')
  expect(lock).toMatchObject({ requests: 30, grants: 30, releases: 30 })
  expect(lock?.hold.count).toBe(30)
  expect(lock?.hold.min).toBeGreaterThanOrEqual(4)
  // Who did not hold it waited, for somebody in another agent: of that only the waiter knows.
  expect(lock?.wait.max).toBeGreaterThan(4)
  expect(contention.some(({ charged }) => charged === 'waiter')).toBe(true)

  // One clock: no two hold at once, but for what is not known of the clocks.
  const slack =
    2 * Math.max(...agents.map(({ uncertainty, resolution }) => uncertainty + resolution))
  const ofLock = events.filter(({ lock }) => lock === 'shared')
  const grants = ofLock.filter(({ type }) => type === 'grant')
  expect(grants).toHaveLength(30)
  let free = 0
  for (const { request, time } of grants) {
    expect(time).toBeGreaterThanOrEqual(free - slack)
    const end = ofLock.find((event) => event.request === request && event.type === 'release')
    free = end?.time ?? Number.POSITIVE_INFINITY
  }
})

test('a frozen tab shows as such, then and when it is back', async ({ browser }) => {
  const tabs = await RealTabs.start(browser)
  const behind = await tabs.open()
  const id = await behind.evaluate(startRecording)
  const front = await tabs.open()
  await front.evaluate(startRecording)
  await behind.is('hidden')
  const gapsOf = async (timeout: number) => {
    const { agents } = await front.evaluate(collect, timeout)
    return agents.find(({ agent }) => agent === id)?.gaps.map(({ why }) => why)
  }
  expect(await gapsOf(20_000)).toEqual(['hidden'])
  await behind.freeze()
  // Chromium still hands messages to some frozen pages.
  expect(['frozen', 'silent']).toContain((await gapsOf(500))?.at(-1))
  await behind.resume()
  await expect.poll(() => gapsOf(20_000), soon).toContain('frozen')
  await tabs.end(front)
})

test('what is timed in a real page is as long as it was', async ({ openTab }) => {
  const page = await openTab()
  const { quick, slow, resolution, ran } = await page.evaluate(async () => {
    const { observe, locks } = agent
    const recorder = observe.record(locks, { sample: 1 })
    for (let i = 0; i < 1000; i++) await locks.mutex('quick').run(() => {})
    const before = performance.now()
    await locks.mutex('slow').run(() => new Promise((resolve) => setTimeout(resolve, 50)))
    const took = performance.now() - before
    const { locks: found, agents, events } = recorder.recording()
    recorder.stop()
    const of = (name: string) => found.find(({ lock }) => lock === name)
    const end = events.find(({ lock, type }) => lock === 'slow' && type === 'release')
    return {
      quick: of('quick'),
      slow: { took, held: of('slow')?.hold.max ?? 0 },
      resolution: agents[0]?.resolution ?? 0,
      ran: end?.type === 'release' ? end.ran : undefined,
    }
  })
  expect(quick).toMatchObject({ grants: 1000, releases: 1000 })
  expect(quick?.hold.count).toBe(1000)
  expect(slow.held).toBeGreaterThanOrEqual(49)
  expect(slow.held).toBeLessThanOrEqual(slow.took)
  // An isolated page's clock.
  expect(resolution).toBeGreaterThan(0)
  expect(resolution).toBeLessThan(0.1)
  // The event loop turned at the beginning of what was awaited.
  expect(ran).toBeGreaterThanOrEqual(0)
  expect(ran).toBeLessThan(slow.held)
})
