/** How long nobody leads when the leader's tab is closed. */

import { inTabs, type Laboratory } from './laboratory'
import type { Led } from './pages/failover'
import type { Finding } from './rows'
import { interleaved, quantile, summarize } from './statistics'

/** A p99 of fewer would only be the longest one. */
const rounds = 100

export function leaderFailover(laboratory: Laboratory): Promise<Finding> {
  return inTabs(laboratory, 1, async (successor) => {
    if (successor === undefined) throw new Error('a tab was asked for')
    const { page } = successor
    let serial = 0
    const failover = (by: Led) => async () => {
      const name = `failover ${by} ${++serial}`
      const leader = await laboratory.tab({})
      await leader.page.evaluate(([by, name]) => window.bench.lead(by, name), [by, name] as const)
      const over = page.evaluate(([by, name]) => window.bench.succeed(by, name), [
        by,
        name,
      ] as const)
      await page.evaluate((name) => window.bench.queuedFor(name), name)
      await leader.close()
      const { died, led } = await over
      return led - died
    }
    for (const by of ['ours', 'raw'] as const) await failover(by)()
    const pairs = await interleaved(rounds, failover('ours'), failover('raw'))
    const of = (q: number) => ({
      ours: quantile(
        pairs.map(({ ours }) => ours),
        q,
      ),
      theirs: quantile(
        pairs.map(({ theirs }) => theirs),
        q,
      ),
    })
    const [p50, p99] = [of(0.5), of(0.99)]
    return {
      id: 'leader-failover',
      summary: { ...summarize(pairs), ...p99, ratio: p99.ours / p99.theirs },
      notes: [
        `p50 ${p50.ours.toFixed(1)} ms, of the raw lock ${p50.theirs.toFixed(1)} ms`,
        `${rounds} tabs of each were closed; counted from the page's pagehide`,
      ],
    }
  })
}
