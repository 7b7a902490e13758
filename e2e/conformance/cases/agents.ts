/**
 * Two agents and one lock: that it excludes beyond an agent, and that the end of an agent, which
 * nobody announces, frees what it held and takes it out of the queue. Each asks for one thing at a
 * time, so this holds behind a cohort as well, where the order between agents is not exact.
 */

import { same } from '../check'
import type { Crowd } from '../crowd'
import type { Agent } from '../protocol'
import type { Case } from '../suite'

export interface Pair {
  readonly crowd: Crowd
  readonly self: Agent
  readonly other: Agent
  /** A further one of the same kind as the other, which a case may end. */
  mortal(): Promise<Agent>
}

export const agentCases: readonly Case<Pair>[] = [
  between('an exclusive hold keeps the other out', async ({ crowd, self, other }) => {
    same(await crowd.askThrough(self, 'mine', {}), 'held')
    same(await crowd.askThrough(other, 'theirs', {}), 'waiting')
    same(await crowd.end('mine'), 'theirs')
  }),
  between('the other one keeps us out', async ({ crowd, self, other }) => {
    same(await crowd.askThrough(other, 'theirs', {}), 'held')
    same(await crowd.askThrough(self, 'mine', {}), 'waiting')
    same(await crowd.end('theirs'), 'mine')
  }),
  between('both may read at once', async ({ crowd, self, other }) => {
    await crowd.askThrough(self, 'mine', { mode: 'shared' })
    await crowd.askThrough(other, 'theirs', { mode: 'shared' })
    same(crowd.held, ['mine', 'theirs'])
  }),
  between('a reader keeps the other one’s writer out', async ({ crowd, self, other }) => {
    await crowd.askThrough(self, 'mine', { mode: 'shared' })
    same(await crowd.askThrough(other, 'theirs', {}), 'waiting')
    same(await crowd.end('mine'), 'theirs')
  }),
  between('a try is refused while the other one holds', async ({ crowd, self, other }) => {
    await crowd.askThrough(other, 'theirs', {})
    same(await crowd.askThrough(self, 'try', { ifAvailable: true }), 'refused')
    await crowd.end('theirs')
    same(await crowd.askThrough(self, 'again', { ifAvailable: true }), 'held')
  }),
  between('a reader’s try is granted beside a reader', async ({ crowd, self, other }) => {
    await crowd.askThrough(other, 'theirs', { mode: 'shared' })
    const wish = { mode: 'shared', ifAvailable: true } as const
    same(await crowd.askThrough(self, 'try', wish), 'held')
  }),
  between('a withdrawn wait is forgotten', async ({ crowd, self, other }) => {
    await crowd.askThrough(self, 'mine', {})
    await crowd.askThrough(other, 'theirs', {})
    await crowd.end('theirs')
    same(await crowd.end('mine'), '')
    same(await crowd.askThrough(self, 'again', {}), 'held')
  }),
  between('the other one’s hold can be stolen', async ({ crowd, self, other }) => {
    await crowd.askThrough(other, 'theirs', {})
    same(await crowd.askThrough(self, 'thief', { steal: true }), 'held')
    same([crowd.state('theirs'), crowd.asked('theirs').reason], ['lost', 'stolen'])
  }),
  between('names do not wait for each other', async ({ crowd, self, other }) => {
    await crowd.askThrough(self, 'mine', { name: 'a' })
    same(await crowd.askThrough(other, 'theirs', { name: 'b' }), 'held')
  }),
  between('both see one list, in which they have ids of their own', async (pair) => {
    const { crowd, self, other } = pair
    await crowd.askThrough(self, 'mine', {})
    await crowd.askThrough(other, 'theirs', {})
    const list = await crowd.list(self)
    same(await crowd.list(other), list)
    same([list.held.length, list.pending.length], [1, 1])
    same(list.held[0]?.clientId !== list.pending[0]?.clientId, true)
  }),

  ending('frees what it held', async (pair) => {
    const { crowd, self } = pair
    const mortal = await pair.mortal()
    await mortal.obey({ type: 'ask', id: 'theirs', wish: {} })
    await crowd.settle([self, mortal])
    await self.obey({ type: 'ask', id: 'mine', wish: {} })
    await crowd.settle([self, mortal])
    same(await stateOf(self, 'mine'), 'waiting')
    mortal.kill()
    await held(self, 'mine')
  }),
  {
    ...ending('lets through whom its waiting writer held back', async (pair) => {
      const mortal = await heldBack(pair)
      mortal.kill()
      await held(pair.self, 'mine')
    }),
    unless: {
      quirk: 'withdrawal leaves the queue standing',
      async run(pair) {
        const { crowd, self, other } = pair
        const mortal = await heldBack(pair)
        mortal.kill()
        await crowd.settle()
        same(await stateOf(self, 'mine'), 'waiting')
        await other.obey({ type: 'end', id: 'reads' })
        await held(self, 'mine')
      },
    },
  },
  ending('frees what several had shared, once the last is gone', async (pair) => {
    const { crowd, self } = pair
    const mortals = [await pair.mortal(), await pair.mortal()]
    for (const mortal of mortals) {
      await mortal.obey({ type: 'ask', id: 'theirs', wish: { mode: 'shared' } })
      await crowd.settle([self, ...mortals])
    }
    await self.obey({ type: 'ask', id: 'mine', wish: {} })
    await crowd.settle([self, ...mortals])
    same(await stateOf(self, 'mine'), 'waiting')
    for (const mortal of mortals) mortal.kill()
    await held(self, 'mine')
  }),
]

/** The other one reads, a writer waits in an agent that may be ended, and we behind him to read. */
async function heldBack(pair: Pair): Promise<Agent> {
  const { crowd, self, other } = pair
  const mortal = await pair.mortal()
  const all = [self, other, mortal]
  await other.obey({ type: 'ask', id: 'reads', wish: { mode: 'shared' } })
  await crowd.settle(all)
  await mortal.obey({ type: 'ask', id: 'writer', wish: {} })
  await crowd.settle(all)
  await self.obey({ type: 'ask', id: 'mine', wish: { mode: 'shared' } })
  await crowd.settle(all)
  same(await stateOf(self, 'mine'), 'waiting')
  return mortal
}

async function stateOf(agent: Agent, id: string): Promise<string | undefined> {
  const { asked } = await agent.obey({ type: 'look' })
  return asked.find((each) => each.id === id)?.state
}

/** Resolves once the request is granted; the case's own time limit bounds it. */
async function held(agent: Agent, id: string): Promise<void> {
  await agent.obey({ type: 'held', id })
}

function between(title: string, run: Case<Pair>['run']): Case<Pair> {
  return { group: 'two agents', title, run }
}

function ending(title: string, run: Case<Pair>['run']): Case<Pair> {
  return { group: 'the end of an agent', title, run }
}
