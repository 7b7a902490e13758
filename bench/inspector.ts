/** What it costs that the inspector is open: pairs of lock and unlock, against a page where it is closed. */

import { costOf } from './against-bare'
import { inTabs, type Laboratory, type Tab } from './laboratory'
import type { Finding } from './rows'
import { interleaved, type Pair } from './statistics'
import { measure, type Slice } from './throughput'

/** Couples of tabs: each tab compiles the loop in its own way. */
const couples = 6
const rounds = 5
/** ms. Long enough for all that the inspector does now and then: it paints and asks several times. */
const slice = 500
const warmUp = 1000

export async function inspectorCost(laboratory: Laboratory): Promise<Finding> {
  const alone = await openAgainstClosed(laboratory, 1)
  const crowd = await openAgainstClosed(laboratory, 10)
  const { bound, summary, notes } = costOf(alone, crowd)
  return { id: 'inspector-cost', summary, notes, and: bound >= 0.9 }
}

async function openAgainstClosed(
  laboratory: Laboratory,
  tasks: number,
): Promise<readonly Pair<Slice>[]> {
  const pairs: Pair<Slice>[] = []
  for (let couple = 0; couple < couples; couple++) {
    // Apart: whoever watches has all tabs of the origin tell what they do.
    const apart = { apart: true }
    await inTabs(
      laboratory,
      1,
      (open) =>
        inTabs(
          laboratory,
          1,
          async (closed) => {
            pairs.push(...(await compare(open as Tab, closed as Tab, tasks)))
          },
          apart,
        ),
      apart,
    )
  }
  return pairs
}

async function compare(open: Tab, closed: Tab, tasks: number): Promise<readonly Pair<Slice>[]> {
  await open.page.evaluate(() => window.bench.inspect())
  for (const tab of [open, closed]) await measure(tab, 'ours', tasks, warmUp)
  const side = (tab: Tab) => () => measure(tab, 'ours', tasks, slice)
  const pairs = await interleaved(rounds, side(open), side(closed))
  // It was there, and saw the lock: else nothing was measured.
  await open.page.evaluate(() => window.bench.holdFirst('seen by the inspector'))
  await open.page.waitForFunction(() => window.bench.inspected().includes('seen by the inspector'))
  return pairs
}
