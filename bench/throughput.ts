/** Rows of one page: how many pairs of lock and unlock a second, against another lock. */

import { inTabs, type Laboratory, type Tab } from './laboratory'
import type { Contender } from './pages/contenders'
import type { Finding, RowId } from './rows'
import { interleaved, median, type Pair, summarize } from './statistics'

const rounds = 15
/** ms. Short, so that both halves of a pair meet the same machine. */
const slice = 150
const warmUp = 400

export interface Slice {
  /** Pairs a second. */
  readonly rate: number
  /** What a pair costs the page's thread, in ns. */
  readonly cpu: number
}

export function throughput(id: RowId, theirs: Contender, tasks: number) {
  return (laboratory: Laboratory): Promise<Finding> =>
    inTabs(laboratory, 1, async (tab) => {
      const side = (contender: Contender) => () => measure(tab, contender, tasks, slice)
      for (const contender of ['ours', theirs] as const)
        await measure(tab, contender, tasks, warmUp)
      const pairs = await interleaved(rounds, side('ours'), side(theirs))
      for (const contender of ['ours', theirs] as const) await prove(tab, contender, tasks)
      const rates = pairs.map(({ ours, theirs }) => ({ ours: ours.rate, theirs: theirs.rate }))
      return { id, summary: summarize(rates), notes: [cpuNote(pairs)] }
    })
}

export async function measure(
  tab: Tab,
  contender: Contender,
  tasks: number,
  ms: number,
): Promise<Slice> {
  const order = { contender, name: `throughput ${contender}`, tasks, ms }
  const before = await tab.cpu()
  const { pairs, batch, from, to } = await tab.page.evaluate((x) => window.bench.hammer(x), order)
  const worked = (await tab.cpu()) - before
  // Taking turns is what contention looks like from outside: no task may get far ahead.
  if (Math.max(...pairs) > 2 * (Math.min(...pairs) + batch)) {
    throw new Error(`${contender}: ${tasks} tasks did not take turns, they did ${pairs.join(', ')}`)
  }
  const done = pairs.reduce((sum, each) => sum + each, 0)
  return { rate: (done / (to - from)) * 1000, cpu: (worked / done) * 1e9 }
}

async function prove(tab: Tab, contender: Contender, tasks: number): Promise<void> {
  if (contender === 'no lock') return
  const order = { contender, name: `throughput ${contender}`, tasks, times: 100 }
  const { asked, counted, turns } = await tab.page.evaluate((x) => window.bench.increment(x), order)
  if (counted !== asked) throw new Error(`${contender}: ${asked - counted} of ${asked} were lost`)
  if (tasks > 1 && turns < 0.9 * asked) {
    throw new Error(`${contender}: ${tasks} tasks took turns ${turns} times in ${asked} sections`)
  }
}

export function cpuNote(pairs: readonly Pair<Slice>[]): string {
  const ours = pairs.map((pair) => pair.ours.cpu)
  const theirs = pairs.map((pair) => pair.theirs.cpu)
  const ratio = median(pairs.map((pair) => pair.theirs.cpu / pair.ours.cpu))
  const ns = (values: readonly number[]) => `${median(values).toPrecision(3)} ns`
  return `by the thread's own time ${ns(ours)} a pair against ${ns(theirs)}: ${ratio.toPrecision(3)}×`
}
