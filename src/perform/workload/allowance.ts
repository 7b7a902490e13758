/** How long a workload may take: a lost worker or a mistake of ours must not leave a person waiting for ever. */

import { lengthAt, longestRun, meanOf, type Spread, type Workload } from '../../scenario'

/** What a busy machine may take on top, in ms. */
const slack = 10_000

/** What a lock may cost each time where it is slowest, in ms: several transactions of IndexedDB. */
const perAction = 20

/** From the common start, in ms: even if no two holds overlapped, and each came out half as long again. */
export function workloadAllowance(workload: Workload): number {
  const { end, readHold, writeHold, think } = workload
  const longest = Math.max(...[readHold, writeHold, think].map(longestOf))
  const actions = end.kind === 'actions' ? end.actions : 0
  return longestRun(workload) * 1.5 + actions * perAction + longest + slack
}

/** The longest that can be drawn, in ms. */
function longestOf(spread: Spread): number {
  return Math.max(meanOf(spread), lengthAt(spread, 0), lengthAt(spread, 1 - 2 ** -32))
}
