/** Rows over shared memory: workers of one page, which watches over them. */

import { handoffTime } from './handoff'
import { inTabs, type Laboratory, soon, type Tab } from './laboratory'
import type { BlockingContender } from './pages/blocking'
import type { Contender } from './pages/contenders'
import type { Jobs, Order, Outcome } from './pages/worker'
import type { Finding, RowId } from './rows'
import { interleaved, median, summarize } from './statistics'

/** Of raw `navigator.locks`, in a worker too: what the uncontended row must reach besides. */
const timesRaw = 1000

function inCrew<T>(laboratory: Laboratory, count: number, measure: (tab: Tab) => Promise<T>) {
  return inTabs(laboratory, 1, async (tab) => {
    await tab?.page.evaluate((x) => window.bench.hire(x), count)
    return measure(tab as Tab)
  })
}

async function inWorkers<J extends keyof Jobs>(
  { page }: Tab,
  job: J,
  orders: readonly Order<J>[],
): Promise<readonly Outcome<J>[]> {
  const request: { readonly job: keyof Jobs; readonly orders: readonly unknown[] } = { job, orders }
  const outcomes = await page.evaluate((x) => window.bench.inWorkers(x), request)
  return outcomes as readonly Outcome<J>[]
}

export function clusterUncontended(laboratory: Laboratory): Promise<Finding> {
  return inCrew(laboratory, 2, async (tab) => {
    const blocking = (contender: BlockingContender) => async () => {
      const order = { contender, name: 'uncontended', ms: 150 }
      const [rate = 0] = await inWorkers(tab, 'blockingRate', [order])
      return rate
    }
    const raw = async () => {
      const order = { contender: 'raw', name: 'uncontended', tasks: 1, ms: 150 } as const
      const [done] = await inWorkers(tab, 'hammer', [order])
      return done === undefined ? 0 : rateOf([done])
    }
    for (const warmUp of [blocking('ours'), blocking('futex'), raw]) await warmUp()
    const pairs = await interleaved(15, blocking('ours'), blocking('futex'))
    const besideRaw = summarize(await interleaved(7, blocking('ours'), raw))
    for (const contender of ['ours', 'futex'] as const) await proveBlocking(tab, contender)
    return {
      id: 'cluster-uncontended',
      summary: summarize(pairs.map(({ ours, theirs }) => ({ ours, theirs }))),
      and: besideRaw.ratio >= timesRaw,
      notes: [
        `against raw navigator.locks there, ${besideRaw.theirs.toPrecision(3)} pairs/s: ${besideRaw.ratio.toPrecision(3)}× (${besideRaw.pairs} pairs)`,
      ],
    }
  })
}

/** One task in each worker. */
export function clusterWorkers(id: RowId, workers: number) {
  return (laboratory: Laboratory): Promise<Finding> =>
    inCrew(laboratory, workers, async (tab) => {
      const side = (contender: Contender) => () => contended(tab, workers, contender, 400)
      for (const contender of ['ours', 'raw'] as const) await side(contender)()
      const pairs = await interleaved(9, side('ours'), side('raw'))
      const turns = await prove(tab, workers, 'ours')
      await prove(tab, workers, 'raw')
      const least = median(pairs.map((pair) => pair.ours.share))
      return {
        id,
        summary: summarize(
          pairs.map((pair) => ({ ours: pair.ours.rate, theirs: pair.theirs.rate })),
        ),
        notes: [
          `the smallest worker's share: ${(least * 100).toFixed(0)} %`,
          `${(turns * 100).toFixed(0)} % of the sections of the proof followed one of another worker`,
        ],
      }
    })
}

/** Counted is what crossed from one worker to the other. */
export function clusterStrict(laboratory: Laboratory): Promise<Finding> {
  return inCrew(laboratory, 2, async (tab) => {
    const side = (contender: Contender) => () => alternating(tab, contender)
    const sides = [side('ours strict'), side('raw')] as const
    for (const warmUp of sides) await warmUp()
    return { id: 'cluster-strict', summary: summarize(await interleaved(9, ...sides)), notes: [] }
  })
}

/** @returns pairs a second that followed one of the other worker */
async function alternating(tab: Tab, contender: Contender): Promise<number> {
  const common = { contender, name: `alternating ${contender}`, at: soon(), ms: 400 }
  const both = await inWorkers(tab, 'alternate', [
    { ...common, me: 1 },
    { ...common, me: 2 },
  ])
  const done = both.reduce((sum, { times }) => sum + times, 0)
  const turns = await takeCount(tab, contender, done)
  const from = Math.min(...both.map(({ from }) => from))
  return (turns / (Math.max(...both.map(({ to }) => to)) - from)) * 1000
}

async function contended(tab: Tab, workers: number, contender: Contender, ms: number) {
  const order = { contender, name: `contended ${contender}`, tasks: 1, ms, at: soon() }
  const all = await inWorkers(tab, 'hammer', new Array<typeof order>(workers).fill(order))
  const done = all.map(({ pairs: [pairs = 0] }) => pairs)
  return { rate: rateOf(all), share: Math.min(...done) / done.reduce((a, b) => a + b, 0) }
}

function rateOf(all: readonly Outcome<'hammer'>[]): number {
  const done = all.flatMap(({ pairs }) => pairs).reduce((sum, each) => sum + each, 0)
  const from = Math.min(...all.map(({ from }) => from))
  return (done / (Math.max(...all.map(({ to }) => to)) - from)) * 1000
}

export function clusterHandoff(laboratory: Laboratory): Promise<Finding> {
  return inCrew(laboratory, 2, async (tab) => {
    let no = 0
    const time = async (contender: Contender, rounds: number, pause: number) => {
      const order = { contender, name: `handoff ${++no}`, rounds, pause }
      return handoffTime(order, (orders) => inWorkers(tab, 'handoff', orders))
    }
    // What happens once in a round takes thousands of them to be compiled.
    for (const contender of ['ours', 'raw'] as const) await time(contender, 6000, 0)
    const side = (contender: Contender) => async () => (await time(contender, 120, 1)) * 1000
    const pairs = await interleaved(9, side('ours'), side('raw'))
    return { id: 'cluster-handoff', summary: summarize(pairs), notes: [] }
  })
}

/** @returns the share of sections that followed one of another worker */
async function prove(tab: Tab, workers: number, contender: Contender): Promise<number> {
  const common = { contender, name: `proof ${contender}`, at: soon(), ms: 300 }
  const orders = Array.from({ length: workers }, (_, index) => ({ ...common, me: index + 1 }))
  const times = await inWorkers(tab, 'increment', orders)
  const asked = times.reduce((a, b) => a + b, 0)
  return (await takeCount(tab, contender, asked)) / asked
}

async function proveBlocking(tab: Tab, contender: BlockingContender): Promise<void> {
  const order = { contender, name: 'proof', times: 20_000 }
  await inWorkers(tab, 'blockingIncrement', [order, order])
  await takeCount(tab, contender, 2 * order.times)
}

async function takeCount({ page }: Tab, contender: string, asked: number): Promise<number> {
  const { counted, turns } = await page.evaluate(() => window.bench.takeCount())
  if (counted !== asked) throw new Error(`${contender}: ${asked - counted} of ${asked} were lost`)
  return turns
}
