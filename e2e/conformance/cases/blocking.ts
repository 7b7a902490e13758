/** Locks that are waited for by blocking the thread: where that is possible, and where it is not. */

import type { LockPort } from '../../../src/locks/ports/port'
import { canBlock } from '../../../src/locks/ports/port'
import { same, until } from '../check'
import type { Agent, AgentKind } from '../protocol'
import type { Case } from '../suite'

export interface Blocker {
  readonly self: Agent
  /** Who is to block. */
  readonly other: Agent
}

/** A window must not block; nobody can where the port has no way to. */
export function blockingCases(port: LockPort, kind: AgentKind): readonly Case<Blocker>[] {
  return canBlock(port) && (kind === 'worker' || kind === 'thread') ? possible : impossible
}

const possible: readonly Case<Blocker>[] = [
  blocking('gets a free lock at once', async ({ other }) => {
    same(await other.obey({ type: 'block', lock: 'b', timeout: 0 }), 'held')
  }),
  blocking('gets the lock when it is given back', async ({ self, other }) => {
    await self.obey({ type: 'take', id: 'mine', lock: 'b', side: 'mutex', task: 'ours' })
    const blocked = other.obey({ type: 'block', lock: 'b', timeout: 15_000 })
    await until('it waits', async () => {
      const { pending } = await self.obey({ type: 'list' })
      return pending.some(({ name }) => name === 'b')
    })
    await self.obey({ type: 'give', id: 'mine' })
    same(await blocked, 'held')
  }),
  blocking('gives up when its time is over, and leaves the queue', async ({ self, other }) => {
    await self.obey({ type: 'take', id: 'mine', lock: 'b', side: 'mutex', task: 'ours' })
    same(await other.obey({ type: 'block', lock: 'b', timeout: 5 }), 'TimeoutError')
    same((await self.obey({ type: 'list' })).pending, [])
    await self.obey({ type: 'give', id: 'mine' })
  }),
  blocking('is refused where its own agent holds the lock', async ({ other }) => {
    await other.obey({ type: 'take', id: 'theirs', lock: 'b', side: 'mutex', task: 'theirs' })
    same(await other.obey({ type: 'block', lock: 'b', timeout: 5 }), 'UnsupportedError')
    await other.obey({ type: 'give', id: 'theirs' })
  }),
]

const impossible: readonly Case<Blocker>[] = [
  blocking('is refused at once', async ({ other }) => {
    same(await other.obey({ type: 'block', lock: 'b', timeout: 5 }), 'UnsupportedError')
  }),
]

function blocking(title: string, run: Case<Blocker>['run']): Case<Blocker> {
  return { group: 'a blocking wait', title, run }
}
