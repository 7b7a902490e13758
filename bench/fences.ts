/** What a fence costs: nothing but its number, once the far hold has some. */

import { inTabs, type Laboratory, type Tab } from './laboratory'
import type { Contender } from './pages/contenders'
import type { Finding } from './rows'
import { interleaved, median, summarize } from './statistics'
import { cpuNote, measure, type Slice } from './throughput'

/** ms. Far holds of 5 ms each, so that a slice has dozens of them. */
const slice = 300

export function fenceCost(laboratory: Laboratory): Promise<Finding> {
  return inTabs(laboratory, 1, async (tab) => {
    const pairs = await against(tab, 'fenced', 'ours', 15)
    const strict = await against(tab, 'fenced strict', 'ours strict', 7)
    const journeys = []
    for (const tasks of [1, 10]) {
      const order = [`journeys ${tasks}`, tasks, 20_000 / tasks] as const
      journeys.push(await tab.page.evaluate((x) => window.bench.fenceJourneys(...x), order))
    }
    const rates = pairs.map(({ ours, theirs }) => ({ ours: ours.rate, theirs: theirs.rate }))
    const notes = [
      cpuNote(pairs),
      strictNote(strict),
      ...journeys.map(({ holds, far, transactions }) => {
        return `${holds} holds took ${far} far acquisitions and ${transactions} transactions`
      }),
    ]
    const and = journeys.every(({ far, transactions }) => transactions > 0 && transactions <= far)
    return { id: 'fence-cost', summary: summarize(rates), and, notes }
  })
}

async function against(tab: Tab, ours: Contender, theirs: Contender, rounds: number) {
  const side = (contender: Contender) => () => measure(tab, contender, 1, slice)
  for (const contender of [ours, theirs]) await side(contender)()
  return interleaved(rounds, side(ours), side(theirs))
}

function strictNote(pairs: readonly { readonly ours: Slice; readonly theirs: Slice }[]): string {
  const rate = (side: 'ours' | 'theirs') => Math.round(median(pairs.map((pair) => pair[side].rate)))
  const ratio = median(pairs.map(({ ours, theirs }) => ours.rate / theirs.rate))
  return `with fair: 'strict' ${rate('ours')} against ${rate('theirs')} pairs/s: ${ratio.toPrecision(2)}×`
}
