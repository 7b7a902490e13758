/**
 * A run's whole state at one moment: the lock's machine, what each thread of the scenario is
 * at, and whose turn it is. Immutable plain data; `turn.ts` makes the next one.
 */

import type { PolicyId, Scenario, Section, SectionMode } from '../scenario/scenario'
import type { Algorithm } from './algorithm'
import { begin, initial, type MachineState } from './machine'
import type { OperationId, ThreadId } from './types'

export type Activity =
  | { readonly kind: 'idle'; readonly due: number }
  | { readonly kind: 'acquiring' | 'releasing'; readonly mode: SectionMode }
  | {
      readonly kind: 'holding'
      readonly mode: SectionMode
      readonly since: number
      readonly until: number
    }
  | { readonly kind: 'done' }

/** A thread as it is played. */
export interface Actor {
  readonly name: ThreadId
  readonly sections: readonly Section[]
  /** How many of its sections it has come to: asked for, or about to in this instant. */
  readonly begun: number
  readonly activity: Activity
  /** The lines that its operation has run. */
  readonly ran: readonly number[]
  /** Counts its operations: the same number, the same call. */
  readonly call: number
  /** When it was parked; what it does next, it does woken. */
  readonly parkedAt: number | null
}

export interface World {
  readonly time: number
  readonly policy: PolicyId
  readonly machine: MachineState
  /** In the scenario's order. */
  readonly actors: readonly Actor[]
  /** Who can run, the next one first. */
  readonly ready: readonly ThreadId[]
  /** In the order in which they asked: who has asked for the lock and not got it yet. */
  readonly asking: readonly ThreadId[]
  readonly seed: number
  /** The state of the generator that draws who runs. */
  readonly random: number
}

export function worldOf(scenario: Scenario, algorithm: Algorithm, seed: number): World {
  return {
    time: 0,
    policy: algorithm.id,
    machine: initial(algorithm),
    actors: scenario.threads.map(({ name, sections }) => actor(name, sections)),
    ready: [],
    asking: [],
    seed,
    random: seed,
  }
}

export function actor(name: ThreadId, sections: readonly Section[]): Actor {
  const none = { name, sections, begun: 0, ran: [], call: 0, parkedAt: null }
  return { ...none, activity: idleUntilNext(sections, 0, 0) }
}

/** Idle until the section after the `begun` ones, which is asked for at `now` at the earliest. */
export function idleUntilNext(sections: readonly Section[], begun: number, now: number): Activity {
  const section = sections[begun]
  return section ? { kind: 'idle', due: Math.max(section.at, now) } : { kind: 'done' }
}

/** When the thread has to do something by itself. */
export function dueOf({ activity }: Actor): number | undefined {
  if (activity.kind === 'idle') return activity.due
  if (activity.kind === 'holding') return activity.until
  return undefined
}

export function actorOf(world: World, thread: ThreadId): Actor {
  const found = world.actors.find(({ name }) => name === thread)
  if (!found) throw new Error(`no thread ${thread}`)
  return found
}

export function update(world: World, thread: ThreadId, change: (actor: Actor) => Actor): World {
  const actors = world.actors.map((each) => (each.name === thread ? change(each) : each))
  return { ...world, actors }
}

/** Starts what is due: the thread asks for its next section, or gives back what it holds. */
export function start(world: World, thread: ThreadId): World {
  const { activity, sections, begun } = actorOf(world, thread)
  const mode = activity.kind === 'holding' ? activity.mode : sections[begun]?.mode
  if (mode === undefined) throw new Error(`${thread} has nothing to do`)
  const leaves = activity.kind === 'holding'
  const operation: OperationId =
    mode === 'read' ? (leaves ? 'RUnlock' : 'RLock') : leaves ? 'Unlock' : 'Lock'
  const started = update(world, thread, (each) => ({
    ...each,
    begun: leaves ? begun : begun + 1,
    activity: { kind: leaves ? 'releasing' : 'acquiring', mode },
    ran: [],
    call: each.call + 1,
  }))
  return {
    ...started,
    machine: begin(world.machine, thread, operation),
    ready: [...world.ready, thread],
    asking: leaves ? world.asking : [...world.asking, thread],
  }
}
