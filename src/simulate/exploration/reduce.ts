/**
 * Which threads need to be followed from a state so that every final state is still reached: the
 * others' steps may come later without making a difference (persistent sets: P. Godefroid,
 * "Partial-Order Methods for the Verification of Concurrent Systems", 1996).
 *
 * A set T of threads is grown from one that can go on until
 * 1. no thread outside T has anything left in its program that touches what the next step of a
 *    thread in T touches (a lock; or a variable that one of them stores), and
 * 2. for each thread in T that waits, T has one thread that must step before it can be let in.
 *
 * Then, whatever threads outside T do from here on, the steps of T commute with it by 1, and no
 * waiting thread of T is let in by it, by 2: the enabled threads of T are a persistent set. A search
 * that follows a persistent set from every state reaches all final states when the graph has no
 * cycle, and that of a program has none. A step that gives a lock back may let in a thread that
 * takes several together, which then asks for more: that counts as touching those, too.
 */

import type { ProgramState } from '../program'
import { threadOf, waitsFor } from '../program/lock'
import type { Operation, Plan, PlannedThread } from '../program/plan'
import { isReady, type ThreadState } from '../program/state'

/** Bits of locks and variables. */
interface Footprint {
  readonly locks: number
  readonly loads: number
  readonly stores: number
}

const nothing: Footprint = { locks: 0, loads: 0, stores: 0 }

/** For each thread what the statements from each position to its end touch. */
const restsOf = new WeakMap<Plan, readonly (readonly Footprint[])[]>()

/** The fewest threads that have to be followed, of those that are `able` to step. */
export function persistent(state: ProgramState, able: readonly number[]): readonly number[] {
  let best = able
  for (const first of able) {
    const members = closure(state, first)
    const follow = able.filter((thread) => members.has(thread))
    if (follow.length === 1) return follow
    if (follow.length < best.length) best = follow
  }
  return best
}

function closure(state: ProgramState, first: number): ReadonlySet<number> {
  const members = new Set([first])
  // A set is walked in the order in which it grows, to its end.
  for (const member of members) {
    const own = state.threads[member]
    if (own && isReady(own)) {
      const touched = nextFootprint(state, member)
      for (const other of state.threads.keys()) {
        if (!members.has(other) && conflict(touched, restFootprint(state, other))) {
          members.add(other)
        }
      }
    } else if (own && own.waitsFor >= 0) {
      const blocker = blockerOf(state, member, own.waitsFor)
      if (blocker !== undefined) members.add(blocker)
    }
  }
  return members
}

/** All whom a waiter waits for must step before it is let in: the first of them will do. */
function blockerOf({ plan, locks }: ProgramState, thread: number, at: number): number | undefined {
  const lock = locks[at]
  const order = plan.locks[at]?.order
  if (!lock || !order) return undefined
  const index = lock.queue.findIndex((place) => threadOf(place) === thread)
  return waitsFor(order, lock, index)[0]
}

function conflict(a: Footprint, b: Footprint): boolean {
  const variables = (a.stores & (b.loads | b.stores)) | (a.loads & b.stores)
  return ((a.locks & b.locks) | variables) !== 0
}

function union(a: Footprint, b: Footprint): Footprint {
  return { locks: a.locks | b.locks, loads: a.loads | b.loads, stores: a.stores | b.stores }
}

/** What the next step of a thread that can go on touches. */
function nextFootprint(state: ProgramState, thread: number): Footprint {
  const own = state.threads[thread]
  const planned = state.plan.threads[thread]
  if (!own || !planned) return nothing
  const at = own.phase === 'running' ? own.at : (own.deferred.at(-1) ?? -1)
  const operation = planned.operations[at]
  if (!operation) return nothing
  if (operation.kind === 'acquire' || operation.kind === 'all') return touches(operation, planned)
  if (operation.kind === 'defer' && own.phase === 'running') return nothing
  const direct = touches(operation, planned)
  return { ...direct, locks: withFollowers(state, direct.locks) }
}

/** Whoever is let in while it takes several locks together goes on and asks for the others. */
function withFollowers({ plan, threads }: ProgramState, locks: number): number {
  let more = locks
  for (const [index, { waitsFor: at, at: position }] of threads.entries()) {
    if (at < 0 || !(locks & (1 << at))) continue
    const operation = plan.threads[index]?.operations[position]
    if (operation?.kind === 'all') more |= bits(operation.locks)
  }
  return more
}

/** What a thread may still touch before its end. */
function restFootprint(state: ProgramState, thread: number): Footprint {
  const own = state.threads[thread]
  const planned = state.plan.threads[thread]
  if (!own || !planned) return nothing
  const deferred = deferredFootprint(own, planned)
  if (own.phase !== 'running') return deferred
  return union(deferred, rests(state.plan)[thread]?.[own.at] ?? nothing)
}

function deferredFootprint({ deferred }: ThreadState, planned: PlannedThread): Footprint {
  return deferred.reduce((sum, at) => {
    const operation = planned.operations[at]
    return operation ? union(sum, touches(operation, planned)) : sum
  }, nothing)
}

function rests(plan: Plan): readonly (readonly Footprint[])[] {
  let known = restsOf.get(plan)
  if (!known) {
    known = plan.threads.map((thread) => {
      const footprints: Footprint[] = []
      let sum = nothing
      for (let at = thread.operations.length - 1; at >= 0; at--) {
        const operation = thread.operations[at]
        if (operation) sum = union(sum, touches(operation, thread))
        footprints[at] = sum
      }
      return footprints
    })
    restsOf.set(plan, known)
  }
  return known
}

/** A `defer` counts as the release that it registers. */
function touches(operation: Operation, thread: PlannedThread): Footprint {
  switch (operation.kind) {
    case 'acquire':
    case 'release':
      return { ...nothing, locks: 1 << operation.lock }
    case 'all':
      return { ...nothing, locks: bits(operation.locks) }
    case 'release-all': {
      const taken = thread.operations.map((each) => (each.kind === 'all' ? bits(each.locks) : 0))
      return { ...nothing, locks: taken.reduce((sum, each) => sum | each, 0) }
    }
    case 'load':
      return { ...nothing, loads: 1 << operation.variable }
    case 'store':
      return { ...nothing, stores: 1 << operation.variable }
    case 'defer':
      return touches(operation.release, thread)
    case 'throw':
    case 'sleep':
      return nothing
  }
}

function bits(indexes: readonly number[]): number {
  return indexes.reduce((sum, index) => sum | (1 << index), 0)
}
