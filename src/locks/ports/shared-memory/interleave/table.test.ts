/**
 * The port's real code in real threads, one operation at a time: every schedule of small worlds
 * within a bound on preemptions, with a death at every point, and random ones beyond. Then the
 * table broken on purpose, in several ways, each of which must be found.
 *
 * What is looked at in each schedule stands in `judge.ts` (exclusion, FIFO, losses, deaths told),
 * `turns.ts` (deadlocks, lost wake-ups, endless loops), `races.ts` (plain accesses in order) and
 * `small-table.ts` (nothing is left). Nobody may rely on looking again after a while: the ports'
 * slices are longer than the harness's patience.
 *
 * `SCHEDULE='two block: 0x8.1' npx vitest run src/locks/ports/shared-memory/interleave/table`
 * plays one schedule again and prints its operations. `SEED=…` draws the same random schedules;
 * `LATCHKEY_FULL=1` allows one more preemption everywhere, and draws more.
 */

import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Explorer, line, type Report } from './explore'
import { memoryLength } from './fixtures/small-table'
import { broken, cases, dying, living, long } from './fixtures/table-cases'
import { Gang } from './gang'
import { parseSchedule } from './schedule'

const full = Boolean(process.env.LATCHKEY_FULL)
vi.setConfig({ testTimeout: full ? 1_200_000 : 240_000, hookTimeout: 120_000 })

/** A case that has more schedules than that is only begun, and says so. Full form only. */
const most = 40_000
const drawn = full ? 3_000 : 50
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31)) | 1
console.info(`shared-memory/interleave/table.test.ts: SEED=${seed}`)

const gang = new Gang(new SharedArrayBuffer(memoryLength * 4))
const totals = { schedules: 0, milliseconds: 0 }

beforeAll(() => gang.start(Worker, new URL('./fixtures/table-cases.ts', import.meta.url), 3))
afterAll(async () => {
  await gang.stop()
  const { schedules, milliseconds } = totals
  const rate = Math.round((schedules / milliseconds) * 1000)
  if (schedules > 0) console.info(`${schedules} schedules in all, ${rate} a second`)
})

function explorerOf(name: string): Explorer {
  const number = cases.findIndex((each) => each.name === name)
  return new Explorer(gang, cases, number)
}

function tell(report: Report): void {
  console.info(line(report))
  totals.schedules += report.schedules
  totals.milliseconds += report.milliseconds
}

const replayed = process.env.SCHEDULE
if (replayed !== undefined) {
  test('one schedule again', () => {
    const [, name = '', schedule = ''] = /^(.*):\s*(.*)$/.exec(replayed) ?? []
    const { failure, operations } = explorerOf(name).replay(parseSchedule(schedule))
    console.info(operations.join('\n'))
    expect(failure).toBeUndefined()
  })
} else {
  describe.each([
    ['nobody dies', living],
    ['somebody dies, at every point', full ? [...dying, ...long] : dying],
  ])('%s', (_, worlds) => {
    test.each(worlds)('$name', async ({ name, preemptions, enough }) => {
      const explorer = explorerOf(name)
      const report = full
        ? await explorer.explore({ preemptions: preemptions + 1, most })
        : await explorer.explore({ most: enough })
      tell(report)
      expect(report.failure).toBeUndefined()
      if (!full && enough === undefined) expect(report.exhaustive).toBe(true)
      const random = await explorer.roam(seed, drawn)
      tell(random)
      expect(random.failure).toBeUndefined()
    })
  })

  // Drawn at random once. Another order of operations makes another schedule of them.
  test.each([
    // Who was to wake an agent at the latch died before he did, and the next owner was not told.
    ['the watcher dies', '0x17.2x5.0.k0.1x3.2x2.1x2.2'],
    ['the watcher dies', '0x14.2x5.1x2.0x4.k0.1x2.2x5.1'],
  ])('%s: %s, which failed before', (name, schedule) => {
    expect(explorerOf(name).replay(parseSchedule(schedule)).failure).toBeUndefined()
  })

  describe('broken on purpose', () => {
    test.each(broken)('$name: found, and found again', async ({ name, found, sound }) => {
      const explorer = explorerOf(name)
      const report = await explorer.explore()
      tell(report)
      expect(report.failure?.what).toMatch(found)
      const schedule = parseSchedule(report.failure?.schedule ?? '')
      expect(explorer.replay(schedule).failure).toEqual(report.failure)
      // The same world is sound where nothing is broken.
      expect([...living, ...dying].map((each) => each.name)).toContain(sound)
    })
  })
}
