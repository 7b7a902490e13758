/** Two tabs on one name: what they get done together, and how they share it. */

import { inTabs, type Laboratory, soon, type Tab } from './laboratory'
import type { Contender } from './pages/contenders'
import { type Finding, fairShare } from './rows'
import { interleaved, median, summarize } from './statistics'

const rounds = 11
/** ms */
const slice = 600
const increments = 60
const contenders = ['ours', 'raw'] as const

interface Slice {
  /** Pairs a second, of both. */
  readonly rate: number
  /** Of the smaller one, from 0 to 0.5. */
  readonly share: number
  /** The part of the time in which both were at it. */
  readonly overlap: number
}

export function twoTabs(laboratory: Laboratory): Promise<Finding> {
  return inTabs(laboratory, 2, async (...tabs) => {
    await refuseOneThread(tabs)
    const side = (contender: Contender) => () => measure(tabs, contender)
    for (const contender of contenders) await measure(tabs, contender)
    const pairs = await interleaved(rounds, side('ours'), side('raw'))
    for (const contender of contenders) await prove(tabs, [contender, contender])
    const share = median(pairs.map(({ ours }) => ours.share))
    const least = Math.min(...pairs.map(({ ours }) => ours.share))
    const overlap = Math.min(...pairs.flatMap(({ ours, theirs }) => [ours.overlap, theirs.overlap]))
    return {
      id: 'origin-2-tabs',
      summary: summarize(
        pairs.map(({ ours, theirs }) => ({ ours: ours.rate, theirs: theirs.rate })),
      ),
      and: share >= fairShare,
      notes: [
        `the smaller tab's share: ${percent(share)} (least of all rounds ${percent(least)}); raw: ${percent(median(pairs.map(({ theirs }) => theirs.share)))}`,
        `both were at it for at least ${percent(overlap)} of the time`,
      ],
    }
  })
}

async function measure(tabs: readonly Tab[], contender: Contender): Promise<Slice> {
  const order = { contender, name: `two tabs ${contender}`, tasks: 1, ms: slice, at: soon() }
  const both = await Promise.all(
    tabs.map(({ page }) => page.evaluate((x) => window.bench.hammer(x), order)),
  )
  const done = both.map(({ pairs }) => pairs.reduce((sum, each) => sum + each, 0))
  const sum = done.reduce((a, b) => a + b, 0)
  const start = Math.min(...both.map(({ from }) => from))
  const end = Math.max(...both.map(({ to }) => to))
  const common = Math.min(...both.map(({ to }) => to)) - Math.max(...both.map(({ from }) => from))
  return {
    rate: (sum / (end - start)) * 1000,
    share: Math.min(...done) / sum,
    overlap: Math.max(0, common) / (end - start),
  }
}

/** Two tabs of one thread would take turns instead of contending. */
export async function refuseOneThread(tabs: readonly Tab[]): Promise<void> {
  const at = soon()
  const spins = await Promise.all(
    tabs.map(({ page }) => page.evaluate((from) => window.bench.spin(from, 100), at)),
  )
  const common = Math.min(...spins.map(({ to }) => to)) - Math.max(...spins.map(({ from }) => from))
  if (common <= 0) throw new Error('the tabs share one thread: nothing can contend')
}

/** Increments a stored counter from all tabs at once, each under its lock of the same name. */
export async function prove(tabs: readonly Tab[], contenders: readonly Contender[]): Promise<void> {
  const name = `proof ${contenders.join(', ')}`
  const at = soon()
  const before = await tabs[0]?.page.evaluate((x) => window.bench.stored(x), name)
  await Promise.all(
    tabs.map(({ page }, index) => {
      const contender = contenders[index] ?? 'ours'
      const order = { contender, name, at, times: increments }
      return page.evaluate((x) => window.bench.incrementStored(x), order)
    }),
  )
  const after = await tabs[0]?.page.evaluate((x) => window.bench.stored(x), name)
  const counted = (after ?? 0) - (before ?? 0)
  const asked = tabs.length * increments
  if (counted !== asked) throw new Error(`${name}: ${asked - counted} of ${asked} were lost`)
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`
}
