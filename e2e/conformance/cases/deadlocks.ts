/**
 * Two agents whose tasks wait for each other in a circle: it is found, the younger task is told, and the
 * other one goes on. What is merely waited for long is told to nobody.
 */

import { same } from '../check'
import type { Agent } from '../protocol'
import type { Case } from '../suite'

export interface Couple {
  readonly self: Agent
  readonly other: Agent
}

/** How long a wait lasts before it is looked into, in ms. */
const after = 100

export const deadlockCases: readonly Case<Couple>[] = [
  deadlock('are found where the other one is younger', ({ self, other }) => circle(self, other)),
  deadlock('are found where this one is younger', ({ self, other }) => circle(other, self)),
  deadlock('are none where one only waits long', async ({ self, other }) => {
    const [a, b] = [newName(), newName()]
    await detect(self, other)
    await take(self, 'holds', a, 'holder')
    await take(other, 'also', b, 'waiter')
    await other.obey({ type: 'want', id: 'waits', by: 'also', lock: a, timeout: 5 * after })
    const ending = await other.obey({ type: 'ending', id: 'waits' })
    same(ending, { error: 'TimeoutError', cycle: [] })
  }),
]

async function circle(older: Agent, younger: Agent): Promise<void> {
  const [a, b] = [newName(), newName()]
  await detect(older, younger)
  await take(older, 'first', a, 'older')
  await grow(older)
  await take(younger, 'second', b, 'younger')
  await older.obey({ type: 'want', id: 'third', by: 'first', lock: b })
  await younger.obey({ type: 'want', id: 'fourth', by: 'second', lock: a })
  const fell = await younger.obey({ type: 'ending', id: 'fourth' })
  same(fell, { error: 'DeadlockError', cycle: ['younger', 'older'] })
  await younger.obey({ type: 'give', id: 'second' })
  same(await older.obey({ type: 'ending', id: 'third' }), 'held')
}

async function detect(...agents: readonly Agent[]): Promise<void> {
  for (const agent of agents) await agent.obey({ type: 'detect', after })
}

async function take(agent: Agent, id: string, lock: string, task: string): Promise<void> {
  await agent.obey({ type: 'take', id, lock, side: 'mutex', task })
}

/** Ages are whole milliseconds, and clocks of some engines coarser than that. Its answers set the pace. */
async function grow(agent: Agent): Promise<void> {
  const start = Date.now()
  while (Date.now() < start + 20) await agent.obey({ type: 'look' })
}

function newName(): string {
  return `deadlock ${Math.random()}`
}

function deadlock(title: string, run: Case<Couple>['run']): Case<Couple> {
  return { group: 'deadlocks', title, run }
}
