/**
 * Real workers tell the simulator's story, event for event, through the product's own
 * comparison; and whatever ends a run, nothing of it is left.
 *
 * Honest, and not flaky: a run must agree in every event, every order and every time, and the
 * same lock in memory, given the requests and releases as they really came, must have let
 * nobody in later (`replay`). A run that does not has failed, unless its instruments call it
 * void: what the run says of its own lateness, and a control beside it that shares no code
 * with what is tested. Sections that wait for each other add up what each is late, so what counts is what
 * the machine was late in all; half of the tolerance is what hand-offs themselves need. A void
 * run is noted, and played again. On a machine that never gets calm the last one may pass
 * with its lateness, if that was measured and the lock let nobody in before his turn. A wrong
 * order or a slow lock on a machine that keeps its time fails at the first run.
 */

import { expect, test } from './locks-tabs'
import type { Played } from './pages/perform'

const scenarios = [
  'seven-seconds',
  'reader-stream',
  'writer-stream',
  'phase-fair',
  'arrival-order',
  'readers-share',
]
const full = Boolean(process.env.LATCHKEY_FULL)

const plays = 5

/** Plays until the runs agree, as far as instruments allow; answers the last runs. */
async function expectAgreement(play: () => Promise<readonly Played[]>): Promise<readonly Played[]> {
  for (let left = plays; ; left--) {
    const played = await play()
    const differing = played.filter(({ comparison, wrong }) => !comparison.agrees || wrong.length)
    for (const each of differing) expectVoid(each, left === 1)
    if (differing.length === 0 || left === 1) return played
  }
}

function expectVoid({ comparison, wrong, control, run }: Played, last: boolean): void {
  const { tolerance, largest, summary, differences } = comparison
  const late = Math.max(control.late, run.lateness.total)
  const what = [summary, ...wrong, `machine late by ${late.toFixed(1)} ms in all`].join('; ')
  test.info().annotations.push({ type: 'void run', description: what })
  expect(late, what).toBeGreaterThan(tolerance / 2)
  if (!last) return
  expect(wrong, what).toEqual([])
  expect(differences.filter(({ kind }) => kind !== 'time' && kind !== 'order')).toEqual([])
  expect(largest, what).toBeLessThan(tolerance + late)
}

test('the seven seconds: twelve events, in order', async ({ openTab }) => {
  const page = await openTab('perform.html')
  const [played] = await expectAgreement(() =>
    page.evaluate(async () => [await lab.play('seven-seconds', 'go', 10)]),
  )
  if (played === undefined) throw new Error('nothing was played')
  const { events, clockError, lateness } = played.run
  expect(events).toHaveLength(12)
  expect([...played.told].sort((a, b) => a.time - b.time)).toEqual(events)
  const of = (thread: string) =>
    events.filter(({ task }) => task === thread).map(({ type, mode }) => `${type} ${mode}`)
  const reading = ['request shared', 'grant shared', 'release shared']
  expect(of('Reader 1')).toEqual([...reading, ...reading])
  expect(of('Reader 2')).toEqual(reading)
  expect(of('Writer 1')).toEqual(['request exclusive', 'grant exclusive', 'release exclusive'])
  expect(new Set(events.map(({ lock }) => lock))).toEqual(new Set(['rw']))
  expect(new Set(events.map(({ agent }) => agent)).size).toBe(3)
  expect(new Set(events.map(({ request }) => request)).size).toBe(4)
  expect(clockError).toBeGreaterThan(0)
  expect(lateness.most).toBeGreaterThan(0)
  expect(played.progress.filter(({ kind }) => kind === 'starting')).toHaveLength(4)
  expect(played.progress.at(-1)).toMatchObject({ kind: 'running', finished: 3, threads: 3 })
})

for (const policy of full ? (['go', 'web-locks'] as const) : (['go'] as const)) {
  test(`every scenario of the catalogue agrees under ${policy}`, async ({ openTab }) => {
    // Six scenarios, each up to five times on a machine that is busy with something else.
    test.slow()
    const page = await openTab('perform.html')
    for (const id of scenarios) {
      await test.step(id, async () => {
        const what = [id, policy] as const
        await expectAgreement(() =>
          page.evaluate(async ([a, b]) => [await lab.play(a, b, 10)], what),
        )
      })
    }
  })
}

if (full) {
  test('in its own time', async ({ openTab }) => {
    const page = await openTab('perform.html')
    await expectAgreement(() =>
      page.evaluate(async () => [await lab.play('seven-seconds', 'go', 1)]),
    )
  })
}

test('two runs at once do not disturb each other', async ({ openTab }) => {
  const page = await openTab('perform.html')
  await expectAgreement(() => page.evaluate(() => lab.playTwo()))
})

test('cancelled at any moment, nothing is left', async ({ openTab }) => {
  const page = await openTab('perform.html')
  for (const when of ['at once', 'starting', 1, 2, 4, 6, 9] as const) {
    await test.step(String(when), async () => {
      const cancelled = await page.evaluate((moment) => lab.cancel(moment), when)
      expect(cancelled).toEqual({ outcome: 'the reason', left: [] })
      await expect.poll(() => page.workers()).toEqual([])
    })
  }
})

test('a stolen lock ends the run, and names whose it was', async ({ openTab }) => {
  const page = await openTab('perform.html')
  const { failure, left } = await page.evaluate(() => lab.steal())
  expect(failure).toMatchObject({ code: 'lock-lost', threads: ['Reader 1'] })
  expect(left).toEqual([])
})

test('a stranger who keeps the lock does not keep the run for ever', async ({ openTab }) => {
  const page = await openTab('perform.html')
  const failure = await page.evaluate(() => lab.wedge())
  expect(failure).toMatchObject({ code: 'overdue', threads: ['Reader 1', 'Writer 1', 'Reader 2'] })
  expect(failure).toMatchObject({ message: expect.stringContaining('Writer 1 waits for the lock') })
})
