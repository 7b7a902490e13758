/**
 * Who stands in the way of a wait, as one agent knows it: in its own memory, and by the place that
 * it has in the mechanism's queue, ahead of which other agents may stand.
 *
 * By the rules of all ports a request is granted once nobody is ahead of it in its queue and nobody
 * holds the lock in a mode that conflicts. So a wait waits for all of these (Knapp's AND model):
 * - conflicting holders: until their tasks release, and a task releases nothing while it waits;
 * - whoever waits ahead: until it is granted, or gives up.
 */

import type { LockMode } from '../events'
import { farRequestOf, requestsBehind } from '../ports/cohort-members'
import type { PortLockInfo, PortRequest } from '../ports/port'
import type { Space } from '../space'
import type { TaskHold } from '../task-hold'

/**
 * The index of what waits inside the agent and has no place yet. Nobody is ahead of it at other
 * agents; but they hold the lock, and it cannot be had before they release it.
 */
const notYet = -1

/** A place in the mechanism's queue: the one of `count` requests of this agent that has `index`. */
export interface Place {
  /** Of the queue: an RW lock's writer gate has one of its own. */
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
  const { strict } = space.ports
  const { port } = wait.way
  const queued = queuedFor(wait)
  const far = port === strict ? queued : farRequestOf(queued)
  const own = ofQueue(strict.live(), queued.name)
  const pending = own.filter(({ grantedAt }) => grantedAt < 0)
  const place = (request: PortRequest, index: number) => {
    return { queue: queued.name, mode: request.mode, index, count: pending.length }
  }
  if (far === undefined) {
    return { near: aheadOf(queued, port.live(), wait), place: place(queued, notYet) }
  }
  const index = pending.indexOf(far)
  // It is on its way.
  if (index < 0) return { near: [] }
  return { near: aheadOf(far, own, wait), place: place(far, index) }
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
    if (isAhead) other.ahead.push(other.count)
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
  const { bounded, strict } = space.ports
  const waits = new Set<TaskHold>()
  for (const port of new Set([bounded, strict])) {
    for (const request of port.live()) {
      const wait = acquisitionOf(space, request)
      // A blocked thread does not come here: who waits has begun to.
      if (wait?.isWaiting && wait.more.waitsSince !== undefined) waits.add(wait)
    }
  }
  return [...waits]
}

/** A writer queues for its gate first. */
function queuedFor(wait: TaskHold): PortRequest {
  const { gate } = wait.more
  return gate !== undefined && gate.grantedAt < 0 ? gate : wait
}

/** Of a queue with holders before waiters: conflicting holders, and waiters before this one. */
function aheadOf(
  queued: PortRequest,
  live: Iterable<PortRequest>,
  { space, task }: TaskHold,
): readonly TaskHold[] {
  const queue = ofQueue(live, queued.name)
  return queue
    .slice(0, Math.max(0, queue.indexOf(queued)))
    .filter((each) => each.grantedAt < 0 || conflict(each.mode, queued.mode))
    .flatMap((each) => acquisitionsBehind(space, each))
    .filter((each) => !(each.isHeld && each.task === task))
}

function acquisitionsBehind(space: Space, far: PortRequest): readonly TaskHold[] {
  return requestsBehind(far).flatMap((request) => acquisitionOf(space, request) ?? [])
}

/** `undefined` for what is no task's: the bare ports have other users. */
function acquisitionOf(space: Space, request: PortRequest): TaskHold | undefined {
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
