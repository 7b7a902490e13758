/**
 * Who stands in the way of a wait, as one agent knows it: in its own memory, and by the place that
 * it has in the mechanism's queue, ahead of which other agents may stand.
 *
 * By the rules of all ports a request is granted once nobody is ahead of it in its queue and nobody
 * holds the lock in a mode that conflicts. So a wait waits for all of these (Knapp's AND model):
 * - conflicting holders: until their tasks release, and a task releases nothing while it waits;
 * - a reader also for writers who wait ahead of it. Nobody else who waits ahead counts: for whom he
 *   waits this one waits as well, and to end his wait would end no cycle. So a writer waits for
 *   holders alone, wherever he queues.
 */

import type { LockMode } from '../events'
import { farRequestOf, requestsBehind } from '../ports/cohort-members'
import type { PortLockInfo, PortRequest } from '../ports/port'
import type { Space } from '../space'
import type { TaskHold } from '../task-hold'

/**
 * The index of what has no place yet: it waits inside the agent, or for a writers' gate. Nobody of
 * other agents is ahead of it; but they hold the lock, and it cannot be had before they release it.
 */
const notYet = -1

/** A place in the mechanism's queue: the one of `count` requests of this agent that has `index`. */
export interface Place {
  readonly queue: string
  readonly mode: LockMode
  readonly index: number
  readonly count: number
}

export interface InTheWay {
  /** Holds and waits of this agent. */
  readonly near: readonly TaskHold[]
  /** Where others may stand ahead; absent while that is not decided. */
  readonly place?: Place
}

/** What stands in a wait's way at another agent. */
export interface FarObstacle {
  readonly client: string
  /** Whether it holds the lock in a conflicting mode. */
  readonly holds: boolean
  /** Which of its `count` waiting requests for the queue stand ahead. */
  readonly ahead: readonly number[]
  readonly count: number
}

/** Who stands in the way of a wait of this agent. */
export function inTheWay(space: Space, wait: TaskHold): InTheWay {
  const { name, mode, task, way } = wait
  const holders = requestsHere(space)
    .flatMap((request) => acquisitionOf(space, request) ?? [])
    .filter((each) => each.isHeld && each.name === name && conflict(each.mode, mode))
  const own = ofQueue(space.ports.strict.live(), name)
  const pending = own.filter(({ grantedAt }) => grantedAt < 0)
  // With a lease it goes another way to the same queue.
  const isFar = way.port === space.ports.strict || way.fair === 'strict'
  const far = isFar ? wait : farRequestOf(wait)
  const index = far === undefined ? notYet : pending.indexOf(far)
  // A reader on its way has no place of which anybody could say who is ahead.
  if (mode === 'shared' && far !== undefined && index < 0) return { near: [] }
  const ahead =
    far === undefined ? aheadOf(wait, ofQueue(way.port.live(), name)) : aheadOf(far, own)
  const waiting = ahead.flatMap((request) => acquisitionsBehind(space, request))
  const near = [...holders, ...waiting].filter((each) => !(each.isHeld && each.task === task))
  return { near: [...new Set(near)], place: { queue: name, mode, index, count: pending.length } }
}

/** Who of other agents stands in the way of a place, as the mechanism lists all of them. */
export function farObstacles(
  { queue, mode, index, count }: Place,
  self: string,
  held: readonly PortLockInfo[],
  pending: readonly PortLockInfo[],
): readonly FarObstacle[] {
  const inQueue = pending.filter(({ name }) => name === queue)
  const mine = inQueue.filter(({ clientId }) => clientId === self)
  const found = new Map<string, { holds: boolean; ahead: number[]; count: number }>()
  const at = (client: string) => {
    const known = found.get(client) ?? { holds: false, ahead: [], count: 0 }
    found.set(client, known)
    return known
  }
  for (const info of held) {
    if (info.name !== queue || info.clientId === self) continue
    if (conflict(info.mode, mode)) at(info.clientId).holds = true
  }
  // With users of the bare mechanism among them nobody can tell which of these is the one.
  const my = mine.length === count ? mine[index] : undefined
  let isAhead = my !== undefined
  for (const info of inQueue) {
    if (info === my) isAhead = false
    if (info.clientId === self) continue
    const other = at(info.clientId)
    if (isAhead && holdsBack(info, mode)) other.ahead.push(other.count)
    other.count++
  }
  return [...found]
    .map(([client, each]) => ({ client, ...each }))
    .filter(({ holds, ahead }) => holds || ahead.length > 0)
}

/** What of this agent another one's wait runs into. */
export function obstaclesHere(
  space: Space,
  queue: string,
  mode: LockMode,
  { holds, ahead, count }: FarObstacle,
): readonly TaskHold[] {
  const own = ofQueue(space.ports.strict.live(), queue)
  const inside = own.filter((each) => each.grantedAt >= 0 && conflict(each.mode, mode))
  const pending = own.filter(({ grantedAt }) => grantedAt < 0)
  const waiting = pending.length === count ? ahead.map((index) => pending[index]) : []
  return [...(holds ? inside : []), ...waiting].flatMap((far) =>
    far === undefined ? [] : acquisitionsBehind(space, far),
  )
}

/** Everything in this agent that waits in a queue. */
export function waitsOf(space: Space): readonly TaskHold[] {
  const waits = requestsHere(space)
    .flatMap((request) => acquisitionOf(space, request) ?? [])
    // A writer has two requests. A blocked thread does not come here: who waits has begun to.
    .filter(({ isWaiting, more }) => isWaiting && more.waitsSince !== undefined)
  return [...new Set(waits)]
}

function requestsHere({ ports: { bounded, strict } }: Space): readonly PortRequest[] {
  return [...new Set([bounded, strict])].flatMap((port) => [...port.live()])
}

/** Requests before this one that it waits for, though they may be readers that share a writer's hold. */
function aheadOf(queued: PortRequest, queue: readonly PortRequest[]): readonly PortRequest[] {
  return queue
    .slice(0, Math.max(0, queue.indexOf(queued)))
    .filter((each) =>
      each.grantedAt < 0 ? holdsBack(each, queued.mode) : conflict(each.mode, queued.mode),
    )
}

/** Whether one who waits ahead matters to one of this mode. */
function holdsBack(ahead: { readonly mode: LockMode }, mode: LockMode): boolean {
  return ahead.mode === 'exclusive' && mode === 'shared'
}

function acquisitionsBehind(space: Space, far: PortRequest): readonly TaskHold[] {
  return requestsBehind(far).flatMap((request) => acquisitionOf(space, request) ?? [])
}

/** `undefined` for what is no task's: the bare ports have other users. */
export function acquisitionOf(space: Space, request: PortRequest): TaskHold | undefined {
  const acquisition = 'writer' in request ? request.writer : request
  const { way } = acquisition as Partial<TaskHold>
  return way?.carrier === space ? (acquisition as TaskHold) : undefined
}

function ofQueue(live: Iterable<PortRequest>, queue: string): readonly PortRequest[] {
  return [...live].filter(({ name }) => name === queue)
}

function conflict(one: LockMode, other: LockMode): boolean {
  return one === 'exclusive' || other === 'exclusive'
}
