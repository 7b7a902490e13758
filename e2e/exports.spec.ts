/**
 * What only a browser can say of exports: that its profiler takes the lanes that it is handed, and that
 * real contention is read back as it was.
 */

import { gunzipSync } from 'node:zlib'
import { expect, type Page, test } from '@playwright/test'
import { pagesURL } from '../playwright.config'
import type { Recording } from '../src/observe'
import { readProfile } from '../src/observe/export/testing/read-profile'
import { readTrace } from '../src/observe/export/testing/read-trace'

interface TraceEvent {
  readonly cat: string
  readonly name: string
  readonly ph: string
  readonly ts: number
  readonly args: { readonly detail?: string; readonly data?: { readonly detail?: string } }
}

interface Lane {
  readonly dataType: string
  readonly track: string
  readonly trackGroup: string
  readonly color: string
  readonly properties: readonly (readonly [string, string])[]
}

/** The user timings in what Chromium's profiler recorded: the lane of each, and how long it took. */
function lanesIn(trace: Buffer): { name: string; lane: Lane; ms: number }[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: readonly TraceEvent[] }
  const timings = traceEvents.filter(({ cat }) => cat.includes('blink.user_timing'))
  return timings.flatMap(({ ph, name, ts, args }) => {
    const detail = args.detail ?? args.data?.detail
    if (ph !== 'b' || detail === undefined) return []
    const end = timings.find((each) => each.ph === 'e' && each.name === name && each.ts >= ts)
    if (end === undefined) throw new Error(`${name} does not end`)
    return [{ name, lane: JSON.parse(detail).devtools as Lane, ms: (end.ts - ts) / 1000 }]
  })
}

async function open(page: Page): Promise<void> {
  await page.goto(`${pagesURL}/examples.html`)
  await page.waitForFunction(() => 'runExample' in globalThis)
}

test('waits and holds are lanes in the Performance panel, live and from a recording', async ({
  browser,
}) => {
  const page = await browser.newPage()
  await open(page)
  await browser.startTracing(page, { categories: ['blink.user_timing'] })
  await page.evaluate(() =>
    runExample(
      `import { record, showInDevTools, showRecordingInDevTools } from 'latchkey/observe'
      const recorder = record(locks, { sample: 1 })
      const stop = showInDevTools(locks)
      const hold = await locks.task('ann').mutex('lane').acquire()
      const waiting = locks.task('bob').mutex('lane').acquire()
      await new Promise((resolve) => setTimeout(resolve, 20))
      hold.release()
      ;(await waiting).release()
      stop()
      recorder.stop()
      showRecordingInDevTools(recorder.recording())
      if (performance.getEntriesByType('measure').length > 0) throw new Error('the timeline grows')`,
      'page',
    ),
  )
  const lanes = lanesIn(await browser.stopTracing())
  await page.close()

  const seen = (wanted: string, group: RegExp) =>
    lanes.filter(({ name, lane }) => name === wanted && group.test(lane.trackGroup))
  const wait = 'wait lane (exclusive): bob'
  const hold = 'hold lane (exclusive): ann'
  for (const group of [/^Locks$/, /^Locks: /]) {
    expect(seen(hold, group)).toHaveLength(1)
    expect(seen(wait, group)).toHaveLength(1)
    expect(seen(hold, group)[0]?.ms).toBeGreaterThanOrEqual(19)
    expect(seen(wait, group)[0]?.ms).toBeGreaterThanOrEqual(19)
    expect(seen(hold, group)[0]?.lane).toMatchObject({
      ...{ dataType: 'track-entry', track: 'lane', color: 'secondary' },
      properties: expect.arrayContaining([['Task', 'ann']]),
    })
    expect(seen(wait, group)[0]?.lane.color).toBe('tertiary')
  }
})

test('real contention is read back as it was', async ({ page }) => {
  await open(page)
  await page.evaluate(() =>
    runExample(
      `import { chromeTrace, pprof, record } from 'latchkey/observe'
      locks.space.callSites = true
      const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
      const recorder = record(locks, { sample: 1 })
      const settings = locks.rwLock('settings')
      await Promise.all([
        ...[1, 2, 3, 4].map((id) => locks.task('buyer ' + id).mutex('cart').run(async (hold) => {
          await pause(5)
          await hold.mutex('stock').run(() => pause(5))
        })),
        settings.write(async () => {
          const readers = [1, 2, 3].map((id) =>
            locks.task('reader ' + id).rwLock('settings').read(() => pause(10)))
          await pause(10)
          return { readers }
        }).then(({ readers }) => Promise.all([...readers, settings.write(() => pause(5))])),
        locks.mutex('cart').acquire({ timeout: 8 }).catch(() => {}),
      ])
      const recording = recorder.recording()
      recorder.stop()
      locks.space.callSites = false
      const profile = Array.from(await pprof(recording, { charged: 'waiter' }))
      globalThis.written = { recording, trace: chromeTrace(recording), profile }`,
      'page',
    ),
  )
  const { recording, trace, profile } = await page.evaluate(() => written)
  const { slices, flows, counters } = readTrace(trace)
  const waits = slices.filter(({ name }) => name === 'wait')
  const inMs = ({ start, end }: { start: number; end: number }) => (end - start) / 1000
  const sum = (values: readonly number[]) => values.reduce((all, each) => all + each, 0)

  // Each lock's waits and holds are as long as the recorder's own histograms say.
  for (const { lock, mode, wait, hold } of recording.locks) {
    const own = (name: string) =>
      slices.filter((each) => each.name === name && each.inside.at(-1) === `${lock} (${mode})`)
    expect(sum(own('wait').map(inMs))).toBeCloseTo(wait.sum, 0)
    expect(sum(own('hold').map(inMs))).toBeCloseTo(hold.sum, 0)
  }
  // Three buyers were let in by the one before, readers by the writer, the next writer by a reader.
  const cart = flows.filter(([from]) => from.inside.includes('cart (exclusive)'))
  expect(cart.length).toBeGreaterThanOrEqual(3)
  expect(flows.some(([, to]) => to.inside.includes('settings (exclusive)'))).toBe(true)
  expect(flows.filter(([, to]) => to.inside.includes('settings (shared)'))).toHaveLength(3)
  expect(slices.filter(({ name }) => name === 'wait: timed out')).toHaveLength(1)
  const stock = slices.filter(({ name }) => name === 'stock (exclusive)')
  expect(stock).toHaveLength(4)
  for (const { inside } of stock) expect(inside).toEqual(['cart (exclusive)', 'hold'])
  // All five ask at once; the first of them may not have to wait.
  const queue = (counters['waiting for cart'] ?? []).map(([, waiting]) => waiting)
  expect(Math.max(...queue)).toBeGreaterThanOrEqual(4)
  expect(queue.at(-1)).toBe(0)

  // In the profile is what waited, by the line that asked.
  const { samples } = readProfile(gunzipSync(Uint8Array.from(profile)))
  const vain = slices.filter(({ name }) => name === 'wait: timed out')
  const delay = sum(samples.map(({ values }) => Number(values[1]) / 1_000_000))
  const delays = [...waits, ...vain].map(inMs)
  // An answer of the browser that takes no ms is no contention, if nobody is known to be in the way.
  expect(delay).toBeGreaterThan(sum(delays.filter((ms) => ms >= 1)) - 0.5)
  expect(delay).toBeLessThan(sum(delays) + 0.5)
  for (const { stack } of samples) expect(stack[1]?.[2]).toBeGreaterThan(0)
})

declare global {
  /** What the page has written. */
  var written: {
    readonly recording: Recording
    readonly trace: string
    readonly profile: readonly number[]
  }
}
