/** How long a stranger in another tab, who asks for the raw lock, waits for its holders. */

import { inTabs, type Laboratory, soon, type Tab } from './laboratory'
import type { ForeignWait } from './pages/contend'
import type { Contender } from './pages/contenders'
import type { Finding } from './rows'
import { interleaved, median, type Pair, quantile, summarize } from './statistics'
import { prove, refuseOneThread } from './two-tabs'

const rounds = 7
/** ms */
const slice = 1200
/** What the busy holder does on its thread after each release, in ms. */
const afterwards = 50
/** Longest pause of the contender, in ms. */
const pause = 4

type Sides = readonly Pair<readonly number[]>[]

/** Ten tasks hammer. */
export function foreignWait(laboratory: Laboratory): Promise<Finding> {
  return inTabs(laboratory, 2, async (holder, stranger) => {
    if (holder === undefined || stranger === undefined) throw new Error('two tabs were asked for')
    await refuseOneThread([holder, stranger])
    const free: number[] = []
    const side = (contender: Contender) => async () => {
      const name = `foreign wait ${contender}`
      const calm = { name: 'nobody else', at: soon(), ms: slice / 6, pause }
      free.push(...(await waitsOf(stranger, calm)))
      const at = soon()
      const order = { contender, name, tasks: 10, ms: slice, at: at - 15 }
      const [waits] = await Promise.all([
        waitsOf(stranger, { name, at, ms: slice - 60, pause }),
        holder.page.evaluate((x) => window.bench.hammer(x), order),
      ])
      return waits
    }
    for (const contender of ['ours', 'raw'] as const) await side(contender)()
    const sides = await interleaved(rounds, side('ours'), side('raw'))
    await prove([holder, stranger], ['ours', 'raw'])
    const ours = sides.flatMap((pair) => pair.ours)
    const theirs = sides.flatMap((pair) => pair.theirs)
    refuseFew(ours, theirs)
    // Of all waits together: a median over the rounds would hide the bad ones.
    const p99 = { ours: quantile(ours, 0.99), theirs: quantile(theirs, 0.99) }
    return {
      id: 'foreign-wait',
      summary: { ...quantiles(sides, 0.99), ...p99, ratio: p99.ours / p99.theirs },
      notes: [
        `ours: ${spread(ours)}`,
        `raw: ${spread(theirs)}`,
        `a lock that nobody else wants, as a measure of this machine's noise: ${spread(free)}`,
      ],
    }
  })
}

/** One task works on after each release. */
export function foreignWaitBusy(laboratory: Laboratory): Promise<Finding> {
  return inTabs(laboratory, 2, async (holder, stranger) => {
    if (holder === undefined || stranger === undefined) throw new Error('two tabs were asked for')
    await refuseOneThread([holder, stranger])
    const side = (contender: Contender) => async () => {
      const name = `foreign wait busy ${contender}`
      const at = soon()
      const order = { contender, name, ms: slice, at: at - 15, after: afterwards, tight: 0 }
      const [waits] = await Promise.all([
        waitsOf(stranger, { name, at, ms: slice - 60, pause }),
        holder.page.evaluate((x) => window.bench.busy(x), order),
      ])
      return waits
    }
    for (const contender of ['ours', 'raw'] as const) await side(contender)()
    const sides = await interleaved(rounds, side('ours'), side('raw'))
    const ours = sides.flatMap((pair) => pair.ours)
    const theirs = sides.flatMap((pair) => pair.theirs)
    refuseFew(ours, theirs)
    const firsts: number[] = []
    for (let round = 0; round < rounds; round++) {
      firsts.push(await firstMisprediction(holder, stranger, `first misprediction ${round}`))
    }
    return {
      id: 'foreign-wait-busy',
      summary: quantiles(sides, 0.95),
      notes: [
        `ours: ${spread(ours)}`,
        `raw: ${spread(theirs)}`,
        `the first misprediction on a name costs a contender ${ms(median(firsts))} (median of ${firsts.length}; longest ${ms(Math.max(...firsts))}), with ${afterwards} ms of work after a tight loop`,
      ],
    }
  })
}

/** The longest wait at the moment when a tight loop, which is lingered for, turns into work. */
async function firstMisprediction(holder: Tab, stranger: Tab, name: string): Promise<number> {
  const at = soon()
  const order = { contender: 'ours', name, ms: 300, at, after: afterwards, tight: 40 } as const
  const [waits, { switched }] = await Promise.all([
    foreignWaits(stranger, { name, at, ms: 200, pause: 1 }),
    holder.page.evaluate((x) => window.bench.busy(x), order),
  ])
  const then = waits.filter(({ at, wait }) => at + wait >= switched && at < switched + afterwards)
  return Math.max(...then.map(({ wait }) => wait))
}

interface Contention {
  readonly name: string
  readonly at: number
  readonly ms: number
  readonly pause: number
}

function foreignWaits({ page }: Tab, order: Contention): Promise<readonly ForeignWait[]> {
  return page.evaluate((x) => window.bench.contend(x), order)
}

async function waitsOf(tab: Tab, order: Contention): Promise<readonly number[]> {
  return (await foreignWaits(tab, order)).map(({ wait }) => wait)
}

/** A p99 of a few waits is only the longest one. */
function refuseFew(...sides: readonly (readonly number[])[]): void {
  for (const waits of sides) {
    if (waits.length < 300) throw new Error(`only ${waits.length} waits: the machine is too busy`)
  }
}

function quantiles(sides: Sides, q: number) {
  return summarize(
    sides.map(({ ours, theirs }) => ({ ours: quantile(ours, q), theirs: quantile(theirs, q) })),
  )
}

function spread(waits: readonly number[]): string {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => ms(quantile(waits, q)))
  return `${waits.length} waits, p50 ${p50}, p95 ${p95}, p99 ${p99}, longest ${ms(Math.max(...waits))}`
}

function ms(value: number): string {
  return `${value.toFixed(2)} ms`
}
