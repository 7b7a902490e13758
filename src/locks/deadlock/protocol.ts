/**
 * The wire of deadlock detection. `latchkey` is its version: messages of another one are ignored,
 * as is whatever is not of these forms.
 */

import type { DeadlockParty, LockMode } from '../events'
import type { Reach } from '../ports/port'
import type { FarObstacle } from './edges'

/** One wait of a chain of waits, and how the one before it came to it. */
export interface Link {
  readonly agent: string
  /** The task's id and its name. */
  readonly task: string
  readonly name: string
  /** When the task was made, in ms since the epoch: the youngest is the victim. */
  readonly born: number
  /** The wait's id. */
  readonly wait: string
  readonly lock: string
  readonly reach: Reach
  readonly mode: LockMode
  /** Since when it has waited, in ms since the epoch. */
  readonly since: number
  readonly site?: string
  /** It is waited for by blocking a thread, which nobody can ask anything. */
  readonly blocked?: true
  /** The id of its task's hold that the one before waits for; none if it waits for this very wait. */
  readonly hold?: string | undefined
}

/** A chain of waits on its way through the agents. It ends where it comes back to its first wait. */
export interface Chase {
  readonly id: string
  readonly links: readonly Link[]
  /** The second round: only along these, which the first one found. */
  readonly along?: readonly Link[] | undefined
}

/** Asks whoever stands in the way of the chain's last wait to go on. */
export interface Probe {
  readonly latchkey: 1
  readonly type: 'deadlock probe'
  readonly chase: Chase
  readonly queue: string
  readonly mode: LockMode
  readonly obstacles: readonly FarObstacle[]
}

/** Tells the agent of the one that stands first what the first round found. */
export interface Suspicion {
  readonly latchkey: 1
  readonly type: 'deadlock suspected'
  readonly cycle: readonly Link[]
}

/** The longest chain that is followed. */
export const longestChain = 100

export function readMessage(message: unknown): Probe | Suspicion | undefined {
  const known = message as Probe | Suspicion | null | undefined
  if (known?.latchkey !== 1) return undefined
  if (known.type === 'deadlock suspected') return isChain(known.cycle) ? known : undefined
  if (known.type !== 'deadlock probe') return undefined
  return isChain(known.chase?.links) && Array.isArray(known.obstacles) ? known : undefined
}

function isChain(links: unknown): boolean {
  return Array.isArray(links) && links.length > 0 && links.length <= longestChain
}

/**
 * The youngest task of a cycle stands first, of those that hold a lock that the one before waits for:
 * it has done least. Whoever only waits ahead of others has taken nothing from anybody. (And where a
 * waiting writer gives up, Chromium keeps the readers behind him waiting until all holders have left.)
 * Nor is it a blocked thread, which could not hear of it.
 *
 * @returns nothing if that leaves nobody: then the threads find the cycle by themselves
 */
export function youngestFirst(cycle: readonly Link[]): readonly Link[] | undefined {
  const [youngest] = cycle
    .filter(({ hold, blocked }) => hold !== undefined && blocked === undefined)
    .sort((a, b) => b.born - a.born || (a.task < b.task ? 1 : -1))
  if (youngest === undefined) return undefined
  const at = cycle.indexOf(youngest)
  return [...cycle.slice(at), ...cycle.slice(0, at)]
}

/** The same for one cycle, whoever found it. */
export function cycleKey(cycle: readonly Link[]): string {
  return cycle.map(({ wait, hold }) => `${wait} ${hold}`).join()
}

/** @param now in ms since the epoch */
export function partiesOf(cycle: readonly Link[], now: number): readonly DeadlockParty[] {
  const mixed = cycle.some(({ reach }) => reach !== cycle[0]?.reach)
  return cycle.map(({ agent, name, lock, reach, mode, since, site, blocked }, index) => {
    const next = cycle[(index + 1) % cycle.length]
    const behind = next?.hold === undefined ? 'waiter' : 'holder'
    const party: DeadlockParty = { agent, task: name, lock, mode, behind, for: now - since }
    return {
      ...party,
      ...(mixed ? { reach } : {}),
      ...(blocked === undefined ? {} : { blocked }),
      ...(site === undefined ? {} : { site }),
    }
  })
}
