/** From a release to the next one's grant, free of what the two clocks differ by. */

import type { HandoffOrder } from './pages/handoff'
import { median } from './statistics'

/**
 * @param hand has both agents do their part, and answers what each measured as giver
 * @returns p50 in ms
 */
export async function handoffTime(
  order: Omit<HandoffOrder, 'me'>,
  hand: (orders: readonly HandoffOrder[]) => Promise<readonly (readonly number[])[]>,
): Promise<number> {
  const [there = [], back = []] = await hand([
    { ...order, me: 0 },
    { ...order, me: 1 },
  ])
  return (median(there) + median(back)) / 2
}
