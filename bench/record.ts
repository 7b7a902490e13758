/** What recording costs: off, of one acquisition in a hundred, and of all. */

import { inTabs, type Laboratory, type Place, type Tab } from './laboratory'
import type { Finding, RowId } from './rows'
import { interleaved, lowerBound, median, type Pair, summarize } from './statistics'
import { measure, type Slice } from './throughput'

/** Pairs of slices, over several couples of tabs: each tab compiles the loop in its own way. */
const couples = 5
const roundsEach = 6
/** ms */
const slice = 150
const warmUp = 400

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
    const bound = lowerBound(ratiosOf(alone))
    return {
      id,
      summary: summarize(
        alone.map(({ ours, theirs }) => ({ ours: ours.rate, theirs: theirs.rate })),
      ),
      ...(least === undefined ? {} : { and: bound >= least }),
      notes: [
        `lower bound of the 95 % interval of the mean ratio: ${bound.toPrecision(3)}`,
        `ten tasks on one name, who wait in turn: ${median(ratiosOf(crowd)).toPrecision(3)}×, lower bound ${lowerBound(ratiosOf(crowd)).toPrecision(3)}`,
      ],
    }
  }
}

export function ratiosOf(pairs: readonly Pair<Slice>[]): readonly number[] {
  return pairs.map(({ ours, theirs }) => ours.rate / theirs.rate)
}

/** Thirty interleaved pairs of slices, against a library without any hooks. */
export async function againstBare(
  laboratory: Laboratory,
  tasks: number,
  turnOn: (tab: Tab) => Promise<void>,
): Promise<readonly Pair<Slice>[]> {
  const pairs: Pair<Slice>[] = []
  for (let couple = 0; couple < couples; couple++) {
    const places: readonly Place[] = [{}, { bare: true }]
    const more = await inTabsOf(laboratory, places, async (ours, bare) => {
      if (ours === undefined || bare === undefined) throw new Error('two tabs were asked for')
      await turnOn(ours)
      const side = (tab: Tab) => () => measure(tab, 'ours', tasks, slice)
      for (const tab of couple % 2 === 0 ? [ours, bare] : [bare, ours]) {
        await measure(tab, 'ours', tasks, warmUp)
      }
      return interleaved(roundsEach, side(ours), side(bare))
    })
    pairs.push(...more)
  }
  return pairs
}

async function inTabsOf<T>(
  laboratory: Laboratory,
  places: readonly Place[],
  measure: (...tabs: Tab[]) => Promise<T>,
  opened: readonly Tab[] = [],
): Promise<T> {
  const [place, ...rest] = places
  if (place === undefined) return measure(...opened)
  return inTabs(
    laboratory,
    1,
    (tab) => inTabsOf(laboratory, rest, measure, [...opened, tab as Tab]),
    place,
  )
}
