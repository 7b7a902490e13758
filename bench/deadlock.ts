/** What deadlock detection costs while nobody waits for long, and how soon it finds something. */

import { inTabs, type Laboratory, soon, type Tab } from './laboratory'
import type { Finding } from './rows'
import { interleaved, lowerBound, median, type Pair, quantile, summarize } from './statistics'
import { measure, type Slice } from './throughput'

/** Pairs of slices, over several couples of tabs: each tab compiles the loop in its own way. */
const couples = 5
const roundsEach = 6
/** ms */
const slice = 150
const warmUp = 400

/** ms: what detection waits for, in the row of its latency. */
export const after = 200
const trials = 40

export async function detectOverhead(laboratory: Laboratory): Promise<Finding> {
  const alone = await sides(laboratory, 1)
  const crowd = await sides(laboratory, 10)
  const ratios = (pairs: readonly Pair<Slice>[]) =>
    pairs.map(({ ours, theirs }) => ours.rate / theirs.rate)
  const bound = lowerBound(ratios(alone))
  return {
    id: 'detect-overhead',
    summary: summarize(alone.map(({ ours, theirs }) => ({ ours: ours.rate, theirs: theirs.rate }))),
    and: bound >= 0.9,
    notes: [
      `lower bound of the 95 % interval of the mean ratio: ${bound.toPrecision(3)}`,
      `ten tasks on one name, who wait in turn: ${median(ratios(crowd)).toPrecision(3)}×, lower bound ${lowerBound(ratios(crowd)).toPrecision(3)}`,
    ],
  }
}

async function sides(laboratory: Laboratory, tasks: number): Promise<readonly Pair<Slice>[]> {
  const pairs: Pair<Slice>[] = []
  for (let couple = 0; couple < couples; couple++) {
    const more = await inTabs(laboratory, 2, async (on, off) => {
      if (on === undefined || off === undefined) throw new Error('two tabs were asked for')
      await on.page.evaluate((ms) => window.bench.detect(ms), 1_000)
      const side = (tab: Tab) => () => measure(tab, 'ours', tasks, slice)
      for (const tab of couple % 2 === 0 ? [on, off] : [off, on]) {
        await measure(tab, 'ours', tasks, warmUp)
      }
      return interleaved(roundsEach, side(on), side(off))
    })
    pairs.push(...more)
  }
  return pairs
}

export function detectLatency(laboratory: Laboratory): Promise<Finding> {
  return inTabs(laboratory, 2, async (older, younger) => {
    if (older === undefined || younger === undefined) throw new Error('two tabs were asked for')
    for (const { page } of [older, younger]) {
      await page.evaluate((ms) => window.bench.detect(ms), after)
    }
    const waits: number[] = []
    for (let trial = 0; trial < trials; trial++) {
      const [first, second] = [`first ${trial}`, `second ${trial}`]
      await older.page.evaluate((x) => window.bench.holdFirst(x), first)
      await younger.page.evaluate((x) => window.bench.holdFirst(x), second)
      const survivor = older.page.evaluate((x) => window.bench.askSecond(x), second)
      // Whoever asks now closes the circle, at any moment between two rounds of the other one.
      const at = soon() + (trial / trials) * 1.5 * after
      await younger.page.evaluate((moment) => window.bench.spin(moment, 0), at)
      const victim = await younger.page.evaluate((x) => window.bench.askSecond(x), first)
      if (!victim.fell || (await survivor).fell) throw new Error('the wrong one fell')
      waits.push(victim.waited)
    }
    const ours = quantile(waits, 0.95)
    const pairs = waits.map((wait) => ({ ours: wait, theirs: after }))
    return {
      id: 'detect-latency',
      summary: { ...summarize(pairs), ours, ratio: ours / after },
      notes: [
        `${trials} deadlocks: p50 ${median(waits).toFixed(0)} ms, longest ${Math.max(...waits).toFixed(0)} ms`,
      ],
    }
  })
}
