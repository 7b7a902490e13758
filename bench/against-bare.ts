/** What something costs that looks on: pairs of lock and unlock, against a library without any hooks. */

import { inTabs, type Laboratory, type Place, type Tab } from './laboratory'
import { interleaved, lowerBound, median, type Pair, summarize } from './statistics'
import { measure, type Slice } from './throughput'

/** Pairs of measurements, over several couples of tabs: each tab compiles the loop in its own way. */
const couples = 10
const roundsEach = 3
/** Each is of some short slices, alternately with the other one's: others' work meets both alike. */
const slices = 12
/** ms */
const slice = 40
const warmUp = 400

/** What two sides did in slices that took turns. */
type Sides = Pair<Slice>

/** Thirty interleaved pairs. @param turnOn begins to look on, in a tab that has the hooks */
export async function againstBare(
  laboratory: Laboratory,
  tasks: number,
  turnOn: (tab: Tab) => Promise<void>,
): Promise<readonly Sides[]> {
  const pairs: Sides[] = []
  for (let couple = 0; couple < couples; couple++) {
    const more = await inCouple(laboratory, async (ours, bare) => {
      await turnOn(ours)
      for (const tab of couple % 2 === 0 ? [ours, bare] : [bare, ours]) {
        await measure(tab, 'ours', tasks, warmUp)
      }
      const rounds: Sides[] = []
      for (let round = 0; round < roundsEach; round++) {
        const side = (tab: Tab) => () => measure(tab, 'ours', tasks, slice)
        rounds.push(together(await interleaved(slices, side(ours), side(bare))))
      }
      return rounds
    })
    pairs.push(...more)
  }
  return pairs
}

function together(pairs: readonly Sides[]): Sides {
  const mean = (of: (pair: Sides) => number) =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length
  return {
    ours: { rate: mean(({ ours }) => ours.rate), cpu: mean(({ ours }) => ours.cpu) },
    theirs: { rate: mean(({ theirs }) => theirs.rate), cpu: mean(({ theirs }) => theirs.cpu) },
  }
}

function inCouple<T>(
  laboratory: Laboratory,
  measure: (ours: Tab, bare: Tab) => Promise<T>,
): Promise<T> {
  const within = (place: Place, use: (tab: Tab) => Promise<T>) =>
    inTabs(laboratory, 1, (tab) => use(tab as Tab), place)
  return within({}, (ours) => within({ bare: true }, (bare) => measure(ours, bare)))
}

/** What a row says of it: of one task, and beside it of ten on one name. */
export function costOf(alone: readonly Sides[], crowd: readonly Sides[]) {
  const bound = lowerBound(ratiosOf(alone))
  const own = alone.map(({ ours, theirs }) => theirs.cpu / ours.cpu)
  const crowded = ratiosOf(crowd)
  return {
    bound,
    summary: summarize(alone.map(({ ours, theirs }) => ({ ours: ours.rate, theirs: theirs.rate }))),
    notes: [
      `lower bound of the 95 % interval of the mean ratio: ${bound.toPrecision(3)}`,
      `by the thread's own time, which others on the machine take no part of: ${median(own).toPrecision(3)}×, lower bound ${lowerBound(own).toPrecision(3)}`,
      `ten tasks on one name, who wait in turn: ${median(crowded).toPrecision(3)}×, lower bound ${lowerBound(crowded).toPrecision(3)}`,
    ],
  }
}

function ratiosOf(pairs: readonly Sides[]): readonly number[] {
  return pairs.map(({ ours, theirs }) => ours.rate / theirs.rate)
}
