/** Ten tasks on a semaphore of four permits, against ten tasks on the mutex. */

import { inTabs, type Laboratory, type Tab } from './laboratory'
import type { Finding } from './rows'
import { interleaved, summarize } from './statistics'
import { cpuNote, measure } from './throughput'

const rounds = 15
const tasks = 10
/** ms. Short, so that both halves of a pair meet the same machine. */
const slice = 150
const warmUp = 400
/** As the page's `semaphorePermits`. */
const permits = 4

export function semaphore4(laboratory: Laboratory): Promise<Finding> {
  return inTabs(laboratory, 1, async (tab) => {
    const side = (contender: 'ours' | 'semaphore') => () => measure(tab, contender, tasks, slice)
    for (const contender of ['semaphore', 'ours'] as const)
      await measure(tab, contender, tasks, warmUp)
    const pairs = await interleaved(rounds, side('semaphore'), side('ours'))
    const most = await prove(tab)
    const rates = pairs.map(({ ours, theirs }) => ({ ours: ours.rate, theirs: theirs.rate }))
    return {
      id: 'semaphore-4',
      summary: summarize(rates),
      and: most <= permits,
      notes: [cpuNote(pairs), `at most ${most} of ${tasks} tasks were inside at once`],
    }
  })
}

async function prove(tab: Tab): Promise<number> {
  const order = { contender: 'semaphore', name: 'semaphore crowd', tasks, times: 100 } as const
  const { most, sections } = await tab.page.evaluate((x) => window.bench.crowd(x), order)
  if (sections !== tasks * order.times) throw new Error(`only ${sections} sections were run`)
  if (most < permits) throw new Error(`no more than ${most} of ${permits} permits were ever out`)
  return most
}
