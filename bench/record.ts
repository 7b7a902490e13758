/** What recording costs: off, of one acquisition in a hundred, and of all. */

import { againstBare, costOf } from './against-bare'
import type { Laboratory, Tab } from './laboratory'
import type { Finding, RowId } from './rows'

/**
 * @param sample one in so many is recorded whole; without it, nobody records
 * @param least what the lower bound of the 95 % interval has to reach
 */
export function recording(id: RowId, sample: number | undefined, least?: number) {
  return async (laboratory: Laboratory): Promise<Finding> => {
    const turnOn = async ({ page }: Tab) => {
      if (sample !== undefined) await page.evaluate((x) => window.bench.record(x), sample)
    }
    const alone = await againstBare(laboratory, 1, turnOn)
    const crowd = await againstBare(laboratory, 10, turnOn)
    const { bound, summary, notes } = costOf(alone, crowd)
    return { id, summary, notes, ...(least === undefined ? {} : { and: bound >= least }) }
  }
}
