/** What only a browser can say of exports: that its profiler takes the lanes that it is handed. */

import { expect, test } from '@playwright/test'
import { pagesURL } from '../playwright.config'

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

test('waits and holds are lanes in the Performance panel, live and from a recording', async ({
  browser,
}) => {
  const page = await browser.newPage()
  await page.goto(`${pagesURL}/examples.html`)
  await page.waitForFunction(() => 'runExample' in globalThis)
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
