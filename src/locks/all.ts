/** Several locks at once, in one global order: by name, by code unit. */

import {
  checkChoice,
  checkFunction,
  checkName,
  checkObject,
  checkWait,
  refuse,
  type WaitOptions,
} from './arguments'
import type { Site } from './call-site'
import { LockOrderError, ReentrancyError } from './errors'
import type { Hold } from './hold'
import { inside } from './inside'
import type { RWPolicy } from './rw-lock'
import { show } from './show'
import type { Space, TaskRecord } from './space'
import type { TaskHold } from './task-hold'
import { refuseTerms } from './terms'

/** A mutex by its name, or one side of an RW lock. */
export type LockRequest =
  | string
  | {
      readonly name: string
      readonly mode: 'read' | 'write'
      readonly policy?: RWPolicy | undefined
    }

/** Gets the holds in the order in which the locks were given. */
export type AllCallback<T> = (holds: readonly Hold[]) => T | PromiseLike<T>

/** A request as it was when it was made, and its place among the others. */
interface Wanted {
  readonly name: string
  readonly mode?: 'read' | 'write' | undefined
  readonly policy?: RWPolicy | undefined
  readonly index: number
}

export async function acquireAll<T>(
  space: Space,
  owner: TaskRecord | undefined,
  site: Site | undefined,
  requests: readonly LockRequest[],
  callback: AllCallback<T>,
  options: WaitOptions = {},
): Promise<T> {
  checkFunction('callback', callback)
  checkWait(options)
  refuseTerms(options, 'all()')
  const wanted = readRequests(requests)
  options.signal?.throwIfAborted()
  const task = owner ?? space.newTask(space)
  wanted.sort((a, b) => (a.name < b.name ? -1 : 1))
  checkOrder(task, wanted)
  const deadline = space.clock.now() + (options.timeout ?? Number.POSITIVE_INFINITY)
  const holds: TaskHold[] = []
  // Made before any is asked for: what is wrong with one of them shows before anything is held.
  const asks = wanted.map((each) => ({ index: each.index, ask: acquirer(task, each) }))
  const end = (thrown?: unknown) => {
    for (const { index } of [...asks].reverse()) holds[index]?.end()
    for (const hold of holds) hold?.close(thrown)
  }
  let result: T
  try {
    for (const { index, ask } of asks) {
      // What is left, rounded up: an error names it.
      const timeout = Math.max(0, Math.ceil(deadline - space.clock.now()))
      space.together = true
      const asked = space.tracedTo(site, () => ask({ ...options, timeout }))
      space.together = false
      holds[index] = (await asked) as TaskHold
    }
    for (const hold of holds) if (!hold.isHeld) hold.close()
    // They are of one task: any of them stands for it.
    result = await inside(holds[0] as TaskHold, () => callback([...holds]))
  } catch (error) {
    end(error)
    throw error
  }
  end()
  return result
}

function acquirer(
  task: TaskRecord,
  { name, mode, policy }: Wanted,
): (options: WaitOptions) => Promise<Hold> {
  if (mode === undefined) {
    const mutex = task.mutex(name)
    return (options) => mutex.acquire(options)
  }
  const lock = task.rwLock(name, { policy })
  return (options) => (mode === 'read' ? lock.acquireRead(options) : lock.acquireWrite(options))
}

function readRequests(requests: readonly LockRequest[]): Wanted[] {
  if (!Array.isArray(requests) || requests.length === 0) {
    refuse('locks', 'be a non-empty array', requests)
  }
  const names = new Set<string>()
  return (requests as readonly LockRequest[]).map((request, index) => {
    const argument = `locks[${index}]`
    const wanted = typeof request === 'string' ? { name: request, index } : { ...request, index }
    if (typeof request !== 'string') {
      checkObject(argument, request)
      checkChoice(`${argument}.mode`, request.mode, ['read', 'write'])
    }
    checkName(argument, wanted.name)
    if (names.has(wanted.name)) refuse(argument, 'not be named twice', wanted.name)
    names.add(wanted.name)
    return wanted
  })
}

/** The order protects only if everything the task holds already comes before. */
function checkOrder(task: TaskRecord, wanted: readonly Wanted[]): void {
  const [first] = wanted
  for (const { name } of task.holds) {
    if (wanted.some((each) => each.name === name)) {
      const who = `task ${show(task.name)}`
      throw new ReentrancyError(`${who} already holds ${show(name)} and would wait for itself`)
    }
    if (first === undefined || first.name > name) continue
    throw new LockOrderError(
      `task ${show(task.name)} holds ${show(name)} and asks for ${show(first.name)}, which comes before it in the order of all(): take them together`,
    )
  }
}
