/** What a grant costs in a deep queue and in a shallow one, each in a tab and a storage of its own. */

import type { Mechanism } from '../src/locks'
import { inTabs, type Laboratory, type Tab } from './laboratory'
import type { Finding } from './rows'
import { interleaved, type Summary, summarize } from './statistics'

const deep = 10_000
const shallow = 10
const rounds = 9

interface Case {
  readonly mechanism: Mechanism
  readonly plain: boolean
  /** In one measurement: what takes some dozens of ms. */
  readonly grants: number
}

const cases: readonly Case[] = [
  { mechanism: 'memory', plain: false, grants: 20_000 },
  { mechanism: 'shared-memory', plain: false, grants: 20_000 },
  { mechanism: 'indexed-db', plain: true, grants: 100 },
]

export async function deepQueue(laboratory: Laboratory): Promise<Finding> {
  const found: { readonly mechanism: Mechanism; readonly summary: Summary }[] = []
  for (const each of cases) {
    found.push({ mechanism: each.mechanism, summary: await compare(laboratory, each) })
  }
  const worst = found.reduce((a, b) => (b.summary.ratio > a.summary.ratio ? b : a))
  return {
    id: 'deep-queue',
    summary: worst.summary,
    notes: found.map(({ mechanism, summary: { ours, theirs, ratio, quartiles } }) => {
      const [cost, against, times, low, high] = [ours, theirs, ratio, ...quartiles].map((value) =>
        value.toPrecision(3),
      )
      return `${mechanism}: ${cost} µs against ${against} µs: ${times}× (${low}–${high})`
    }),
  }
}

function compare(laboratory: Laboratory, { mechanism, plain, grants }: Case): Promise<Summary> {
  return inTabs(
    laboratory,
    2,
    async (...tabs) => {
      const [deepTab, shallowTab] = tabs as [Tab, Tab]
      await fill(deepTab, mechanism, deep)
      await fill(shallowTab, mechanism, shallow)
      const side = (tab: Tab) => async () =>
        (await tab.page.evaluate((x) => window.bench.drainQueue('queue', x), grants)) * 1000
      for (const tab of tabs) await side(tab)()
      return summarize(await interleaved(rounds, side(deepTab), side(shallowTab)))
    },
    { plain, apart: true },
  )
}

async function fill({ page }: Tab, mechanism: Mechanism, depth: number): Promise<void> {
  await page.evaluate((x) => window.bench.fillQueue(x), { mechanism, name: 'queue', depth })
}
