/** What deadlock detection costs while nobody waits for long, and how soon it finds something. */

import { againstBare, costOf } from './against-bare'
import { inTabs, type Laboratory, soon, type Tab } from './laboratory'
import type { Finding } from './rows'
import { median, quantile, summarize } from './statistics'

/** ms: what detection waits for, in the row of its latency. */
export const after = 200
const trials = 40

export async function detectOverhead(laboratory: Laboratory): Promise<Finding> {
  const turnOn = ({ page }: Tab) => page.evaluate((ms) => window.bench.detect(ms), 1_000)
  const alone = await againstBare(laboratory, 1, turnOn)
  const crowd = await againstBare(laboratory, 10, turnOn)
  const { bound, summary, notes } = costOf(alone, crowd)
  return { id: 'detect-overhead', summary, notes, and: bound >= 0.9 }
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
