/** Tasks in pages and workers, each with an `agent`, that wait for each other in a circle. */

import type { Page, Worker } from '@playwright/test'
import type { Hold } from '../src/locks'
import type {} from './pages/agent'

/** Both evaluate; their overloads are alike. */
export type Realm = Page | Worker
const inside = (realm: Realm) => realm as Page

/** How long a wait lasts before it is looked into, in ms. */
export const after = 200

/** A task of its own in this realm, which holds a lock; younger than all that were made before. */
export async function hold(realm: Realm, task: string, lock: string): Promise<void> {
  await inside(realm).evaluate(
    async ([task, lock, after]) => {
      const locks = agent.detecting(after)
      agent.keep(`${task} holds`, await locks.task(task).mutex(lock).acquire())
      // Clocks of whole milliseconds: the next one shall be younger.
      const { grantedAt } = await agent.kept<{ grantedAt: number }>(`${task} holds`)
      while (Date.now() <= grantedAt) await agent.turn()
    },
    [task, lock, after] as const,
  )
}

/** Asks for another lock on behalf of a task; releases both when it has it, or fell. */
export async function ask(realm: Realm, task: string, lock: string): Promise<void> {
  await inside(realm).evaluate(
    async ([task, lock]) => {
      const held = await agent.kept<Hold>(`${task} holds`)
      const wait = async () => {
        try {
          ;(await held.mutex(lock).acquire()).release()
          return 'done'
        } catch (error) {
          const { DeadlockError } = agent.latchkey
          return error instanceof DeadlockError ? error.cycle.map(({ task }) => task) : `${error}`
        } finally {
          held.release()
        }
      }
      agent.keep(`${task} ends`, wait())
    },
    [task, lock] as const,
  )
}

export function end(realm: Realm, task: string): Promise<unknown> {
  return inside(realm).evaluate((task) => agent.kept(`${task} ends`), task)
}

/** Each realm's task holds a lock and asks for that of the next one. The last is the youngest. */
export async function circle(realms: readonly Realm[]): Promise<unknown[]> {
  const names = realms.map((_, index) => `t${index}`)
  for (const [index, realm] of realms.entries()) await hold(realm, `t${index}`, `lock ${index}`)
  for (const [index, realm] of realms.entries()) {
    await ask(realm, `t${index}`, `lock ${(index + 1) % realms.length}`)
  }
  return Promise.all(realms.map((realm, index) => end(realm, names[index] as string)))
}

export function expected(count: number): unknown[] {
  const others = Array.from({ length: count - 1 }, (_, index) => `t${index}`)
  return [...others.map(() => 'done'), [`t${count - 1}`, ...others]]
}
