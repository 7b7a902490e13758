/** Tasks in pages and workers, each with an `agent`, that wait for each other in a circle. */

import type { Page, Worker } from '@playwright/test'
import type { RealTab } from './locks-real-tabs'
import type {} from './pages/agent'

/** How long a wait lasts before it is looked into, in ms. */
export const after = 200

/** Where tasks are: they hold a lock each, ask for that of the next one, and come to an end. */
export interface Realm {
  hold(task: string, lock: string): Promise<unknown>
  ask(task: string, lock: string): Promise<unknown>
  /** `done`, the tasks of the cycle that it fell for, or an error. */
  end(task: string): Promise<unknown>
}

export function realm(where: Page | Worker | RealTab): Realm {
  // All evaluate; their overloads are alike.
  const inside = where as Page
  return {
    hold: (task, lock) =>
      inside.evaluate(([task, lock, after]) => agent.holdFor(task, lock, after), [
        task,
        lock,
        after,
      ] as const),
    ask: (task, lock) =>
      inside.evaluate(([task, lock]) => agent.askFor(task, lock), [task, lock] as const),
    end: (task) => inside.evaluate((task) => agent.endOf(task), task),
  }
}

/** The worker that a tab has started, spoken to through its page. */
export function workerOf(tab: RealTab): Realm {
  return {
    hold: (task, lock) =>
      tab.evaluate(([task, lock, after]) => agent.inWorker('holdFor', task, lock, after), [
        task,
        lock,
        after,
      ] as const),
    ask: (task, lock) =>
      tab.evaluate(([task, lock]) => agent.inWorker('askFor', task, lock), [task, lock] as const),
    end: (task) => tab.evaluate((task) => agent.inWorker('endOf', task), task),
  }
}

/** Each realm's task holds a lock and asks for that of the next one. The last is the youngest. */
export async function circle(places: readonly (Page | Worker)[]): Promise<unknown[]> {
  const realms = places.map(realm)
  for (const [index, each] of realms.entries()) await each.hold(`t${index}`, `lock ${index}`)
  for (const [index, each] of realms.entries()) {
    await each.ask(`t${index}`, `lock ${(index + 1) % realms.length}`)
  }
  return Promise.all(realms.map((each, index) => each.end(`t${index}`)))
}

export function expected(count: number): unknown[] {
  const others = Array.from({ length: count - 1 }, (_, index) => `t${index}`)
  return [...others.map(() => 'done'), [`t${count - 1}`, ...others]]
}
