/**
 * What a lock algorithm is: a listing for each operation, whose lines are the program. A line
 * is one atomic action, a pure function of the lock's memory and of the one value that its
 * operation has to itself. Memory is plain data, so that it can be kept, compared and hashed.
 */

import type { PolicyId, SectionMode } from '../scenario/scenario'
import type { ListingLine, OperationId, RegisterView, Sentence, ThreadId } from './types'

/** What a line does. What is left out stays; without `go` the next line follows. */
export interface Effect<Memory> {
  readonly memory?: Memory
  /** The operation's own value, for its later lines; 0 at its start. */
  readonly local?: number
  /** The line to go on with, also after a park. */
  readonly go?: number
  /** Stops here until woken; the memory has it in the queue of this name. */
  readonly park?: string
  /** Those of them that are parked go on. */
  readonly wake?: readonly ThreadId[]
  /** The operation ends: the lock is held, refused, or given back. */
  readonly end?: 'granted' | 'refused' | 'released'
}

export interface Holder {
  readonly thread: ThreadId
  readonly mode: SectionMode
}

/** A step as its sentence sees it. */
export interface Scene<Memory> {
  /** The thread's name, or `It` where a paragraph has named it already. */
  readonly who: string
  readonly thread: ThreadId
  readonly before: Memory
  readonly after: Memory
  /** The operation's own value before the line. */
  readonly local: number
  readonly effect: Effect<Memory>
  /** Who holds the lock after the step. */
  readonly holders: readonly Holder[]
  /** The thread was parked until just now. */
  readonly woken: boolean
}

export interface Clause {
  readonly sentence: Sentence
  /** What is said instead where the next line's sentence follows at once. */
  readonly lead?: Sentence
}

export interface Line<Memory> extends ListingLine {
  run(memory: Memory, thread: ThreadId, local: number): Effect<Memory>
  say(scene: Scene<Memory>): Clause | Sentence
}

/** A thread that is parked on `on`, and what the memory says about its wait. */
export interface Wait {
  /** Whom it waits for; the nearest ones where they wait themselves. */
  readonly for: readonly ThreadId[]
  readonly label: string
}

/**
 * Methods, not function properties: an algorithm over its own memory is then an `Algorithm`
 * to the machine, which hands every memory back only to the algorithm it came from.
 */
export interface Algorithm<Memory = unknown> {
  readonly id: PolicyId
  readonly title: string
  readonly about: string
  readonly referenceTitle?: string
  readonly memory: Memory
  readonly operations: Readonly<Record<OperationId, readonly Line<Memory>[]>>
  /** The memory as the page shows it. */
  registers(memory: Memory, holders: readonly Holder[]): readonly RegisterView[]
  wait(memory: Memory, thread: ThreadId, on: string, holders: readonly Holder[]): Wait
}

export function modeOf(operation: OperationId): SectionMode {
  return operation === 'Lock' || operation === 'Unlock' || operation === 'TryLock'
    ? 'write'
    : 'read'
}

export function acquires(operation: OperationId): boolean {
  return operation !== 'RUnlock' && operation !== 'Unlock'
}

/** Whether the lock can be held in both modes at once. */
export function share(a: SectionMode, b: SectionMode): boolean {
  return a === 'read' && b === 'read'
}
