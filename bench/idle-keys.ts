/** What 100,000 keys leave behind that were locked and released once each. */

import type { Mechanism } from '../src/locks'
import { inTabs, type Laboratory, type Tab } from './laboratory'
import type { Finding } from './rows'

const count = 100_000
/** Locked before, so that what is compiled and kept once for all keys is there. */
const warmUp = 10_000

/** How many keys are locked at a time: far mechanisms do more at once than one after the other. */
const places: readonly { mechanism: Mechanism; plain: boolean; together: number }[] = [
  { mechanism: 'memory', plain: false, together: 1 },
  { mechanism: 'shared-memory', plain: false, together: 1 },
  { mechanism: 'web-locks', plain: false, together: 100 },
  { mechanism: 'indexed-db', plain: true, together: 100 },
]

export async function idleKeys(laboratory: Laboratory): Promise<Finding> {
  const found: {
    readonly kept: number
    readonly left: readonly string[]
    readonly note: string
  }[] = []
  for (const { mechanism, plain, together } of places) {
    const finding = await inTabs(
      laboratory,
      1,
      async (tab) => {
        const { page, heap } = tab as Tab
        const lock = (from: number, many: number) =>
          page.evaluate((x) => window.bench.lockKeys(x), { mechanism, from, count: many, together })
        const leftOver = () => page.evaluate((x) => window.bench.leftOver(x), mechanism)
        await lock(0, warmUp)
        await leftOver()
        const before = await heap()
        await lock(warmUp, count)
        const left = await leftOver()
        const kept = ((await heap()) - before) / 1000
        const rest = left.length === 0 ? '' : `; left: ${left.join(', ')}`
        return { kept, left, note: `${mechanism}: ${kept.toFixed(1)} kB${rest}` }
      },
      { plain },
    )
    found.push(finding)
  }
  const theirs = await usual(laboratory)
  const ours = Math.max(...found.map(({ kept }) => kept))
  const ratio = ours / theirs
  return {
    id: 'idle-keys',
    summary: { ours, theirs, ratio, quartiles: [ratio, ratio], pairs: 1 },
    and: found.every(({ left }) => left.length === 0),
    notes: found.map(({ note }) => note),
  }
}

function usual(laboratory: Laboratory): Promise<number> {
  return inTabs(laboratory, 1, async (tab) => {
    const { page, heap } = tab as Tab
    const lock = (from: number, many: number) =>
      page.evaluate(([x, y]) => window.bench.lockMapOfMutexes(x, y), [from, many] as const)
    await lock(0, warmUp)
    const before = await heap()
    await lock(warmUp, count)
    return ((await heap()) - before) / 1000
  })
}
