/** Ten readers at once, against ten tasks on one mutex. */

import { inTabs, type Laboratory, type Tab } from './laboratory'
import type { Reading } from './pages/readers'
import type { Finding } from './rows'
import { interleaved, median, summarize } from './statistics'

const rounds = 9
const tasks = 10
/** ms */
const slice = 250

export function rwReaders(laboratory: Laboratory): Promise<Finding> {
  return inTabs(laboratory, 1, async (tab) => {
    const side = (how: 'read' | 'mutex') => () => measure(tab, how)
    await side('read')()
    await side('mutex')()
    const pairs = await interleaved(rounds, side('read'), side('mutex'))
    const rate = ({ sections, seconds }: Reading) => sections / seconds
    const section = (readings: readonly Reading[]) =>
      `${median(readings.map((each) => each.section)).toFixed(2)} ms`
    return {
      id: 'rw-readers',
      summary: summarize(
        pairs.map(({ ours, theirs }) => ({ ours: rate(ours), theirs: rate(theirs) })),
      ),
      notes: [
        `a section really took ${section(pairs.map(({ ours }) => ours))} among readers, ${section(pairs.map(({ theirs }) => theirs))} under the mutex`,
      ],
    }
  })
}

async function measure({ page }: Tab, how: 'read' | 'mutex'): Promise<Reading> {
  const order = { how, name: `readers ${how}`, tasks, ms: slice }
  const reading = await page.evaluate((x) => window.bench.readers(x), order)
  const expected = how === 'read' ? tasks : 1
  if (reading.most !== expected) {
    throw new Error(`${how}: ${reading.most} were inside at once, not ${expected}`)
  }
  return reading
}
