/** Rows over IndexedDB: tabs on plain http, where it carries what Web Locks carry elsewhere. */

import { handoffTime } from './handoff'
import { inTabs, type Laboratory, type Tab } from './laboratory'
import type { Contender } from './pages/contenders'
import type { HandoffOrder } from './pages/handoff'
import type { Finding } from './rows'
import { interleaved, summarize } from './statistics'
import { cpuNote, measure } from './throughput'
import { prove } from './two-tabs'

const plain = { plain: true }
/** ms: what takes a ms or two has to be done some hundred times. */
const slice = 400

export function idbStrict(laboratory: Laboratory): Promise<Finding> {
  const throughput = async (tab: Tab) => {
    const side = (contender: Contender) => () => measure(tab, contender, 1, slice)
    const sides = [side('ours strict'), side('two transactions')] as const
    for (const warmUp of sides) await warmUp()
    return interleaved(9, ...sides)
  }
  return inPlainTabs(laboratory, async (tab, other) => {
    const pairs = await throughput(tab)
    await prove([tab, other], ['ours strict', 'ours strict'])
    const rates = pairs.map(({ ours, theirs }) => ({ ours: ours.rate, theirs: theirs.rate }))
    return { id: 'idb-strict', summary: summarize(rates), notes: [cpuNote(pairs)] }
  })
}

/** Two origins in one browser: where the one has Web Locks, the other has none. */
export function idbSequential(laboratory: Laboratory): Promise<Finding> {
  return inPlainTabs(laboratory, (tab, other) =>
    inTabs(laboratory, 1, async (secure) => {
      const sides = [
        () => measure(tab, 'ours', 1, slice),
        () => measure(secure as Tab, 'raw', 1, slice),
      ] as const
      for (const warmUp of sides) await warmUp()
      const pairs = await interleaved(9, ...sides)
      await prove([tab, other], ['ours', 'ours'])
      const rates = pairs.map(({ ours, theirs }) => ({ ours: ours.rate, theirs: theirs.rate }))
      return { id: 'idb-sequential', summary: summarize(rates), notes: [cpuNote(pairs)] }
    }),
  )
}

export function idbHandoff(laboratory: Laboratory): Promise<Finding> {
  return inPlainTabs(laboratory, async (...tabs) => {
    let no = 0
    const hand = (orders: readonly HandoffOrder[]) =>
      Promise.all(
        orders.map((order, index) =>
          (tabs[index] as Tab).page.evaluate((x) => window.bench.handoff(x), order),
        ),
      )
    const side = (contender: HandoffOrder['contender']) => () =>
      handoffTime({ contender, name: `handoff ${++no}`, rounds: 80, pause: 1 }, hand)
    const sides = [side('ours'), side('bare message')] as const
    for (const warmUp of sides) await warmUp()
    const pairs = await interleaved(9, ...sides)
    return { id: 'idb-handoff', summary: summarize(pairs), notes: [] }
  })
}

function inPlainTabs(
  laboratory: Laboratory,
  find: (tab: Tab, other: Tab) => Promise<Finding>,
): Promise<Finding> {
  return inTabs(laboratory, 2, (...[tab, other]) => find(tab as Tab, other as Tab), plain)
}
