/** Locks for threads that may block: what `acquireSync` and `runSync` add. */

import { type BlockOptions, checkBlock, checkFunction } from './arguments'
import type { Entrance } from './entrance'
import { TimeoutError, UnsupportedError } from './errors'
import { inside } from './inside'
import { type BlockingPort, canBlock } from './ports/port'
import { show } from './show'
import type { TaskHold } from './task-hold'

/** @throws TimeoutError, DeadlockError, UnsupportedError where nothing can block, ReentrancyError */
export function acquireSync<H extends TaskHold>(
  entrance: Entrance<H>,
  options: BlockOptions | undefined,
): H {
  checkBlock(options)
  return block(entrance, options)
}

/** Runs the callback and gives the lock back, without a turn of the event loop. */
export function runSync<H extends TaskHold, T>(
  entrance: Entrance<H>,
  callback: (hold: H) => T,
  options: BlockOptions | undefined,
): T {
  checkFunction('callback', callback)
  checkBlock(options)
  const hold = block(entrance, options)
  let result: T
  try {
    result = inside(hold, callback)
  } catch (error) {
    settle(hold)
    hold.close(error)
    throw error
  }
  settle(hold)
  hold.close()
  if (isPromise(result)) {
    throw new TypeError('callback must not return a promise: the lock is released already; use run')
  }
  return result
}

/** Blocks the thread until it is held. */
function block<H extends TaskHold>(entrance: Entrance<H>, options: BlockOptions = {}): H {
  const { timeout = Number.POSITIVE_INFINITY } = options
  const hold = entrance.prepare(options, false)
  const port = blockingPort(hold)
  // This function, the one that called it, and the user's own lock.
  hold.trace(3)
  hold.space.order?.asks(hold)
  hold.tell('request')
  hold.space.recorder?.waits(hold, true)
  let granted: boolean
  try {
    granted = enter(hold, port, timeout)
  } catch (error) {
    // A detector that ended the wait has said so.
    if (hold.isWaiting) {
      hold.more.details = { reason: String(error) }
      hold.become('abort')
    }
    throw error
  }
  hold.become(granted ? 'grant' : 'timeout')
  if (!granted) throw timedOut(hold, port, timeout)
  return hold
}

function enter(hold: TaskHold, port: BlockingPort, timeout: number): boolean {
  const { gate } = hold.more
  const { clock, detector } = hold.space
  const watch = detector?.watch
  if (gate === undefined) return port.acquireBlocking(hold, timeout, watch)
  const since = clock.now()
  if (!port.acquireBlocking(gate, timeout, watch)) return false
  let granted = false
  try {
    granted = port.acquireBlocking(hold, Math.max(0, timeout - (clock.now() - since)), watch)
  } finally {
    if (!granted) port.release(gate)
  }
  return granted
}

/** @throws UnsupportedError where the mechanism cannot block */
function blockingPort({ name, space, way }: TaskHold): BlockingPort {
  const { port } = way
  if (canBlock(port)) return port
  throw new UnsupportedError(
    `${show(name)} cannot be waited for by blocking at reach ${show(space.reach)}: use createLocks({ reach: 'cluster', memory }), or wait with acquire() or run()`,
  )
}

/** Hears of a loss that happened while no callback could be called. */
function settle(hold: TaskHold): void {
  if (hold.isHeld) blockingPort(hold).stillHolds(hold)
}

function isPromise(value: unknown): boolean {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function'
}

/** Nobody can be asked while the thread blocks: it names agents, as the mechanism knows them. */
function timedOut(hold: TaskHold, port: BlockingPort, timeout: number): TimeoutError {
  const { held, pending } = port.snapshot()
  const holders = held.filter(({ name }) => name === hold.name)
  const waiters = pending.filter(({ name }) => name === hold.name).length
  const by = holders.map(({ clientId, mode }) => `agent ${clientId} (${mode})`).join(', ')
  const words = `${by === '' ? 'not held by now' : `held by ${by}`}; ${waiters} waiting`
  return new TimeoutError(`timed out after ${timeout} ms of blocking for ${hold}: ${words}`, {
    holders: [],
    waiters: [],
    unknownHolders: holders.length,
    unknownWaiters: waiters,
  })
}
