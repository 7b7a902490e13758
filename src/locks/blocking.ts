/** Locks for threads that may block: what `acquireSync` and `runSync` add. */

import type { Acquisition, Way } from './acquisition'
import { TimeoutError, UnsupportedError } from './errors'
import { inside } from './inside'
import { type BlockingPort, canBlock } from './ports/port'
import { show } from './show'

/** @throws UnsupportedError where the mechanism cannot block */
export function blockingPort({ space, port, name }: Way): BlockingPort {
  if (canBlock(port)) return port
  throw new UnsupportedError(
    `${show(name)} cannot be waited for by blocking at reach ${show(space.reach)}: use createLocks({ reach: 'cluster', memory }), or wait with acquire() or run()`,
  )
}

/** Runs the callback and gives the lock back, without a turn of the event loop. */
export function runBlocking<H extends Acquisition, T>(hold: H, callback: (hold: H) => T): T {
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

/** Hears of a loss that happened while no callback could be called. */
function settle(hold: Acquisition): void {
  if (hold.isHeld) blockingPort(hold.way).stillHolds(hold)
}

function isPromise(value: unknown): boolean {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function'
}

/** Nobody can be asked while the thread blocks: it names agents, as the mechanism knows them. */
export function blockingTimeout(
  { name, mode }: Acquisition,
  port: BlockingPort,
  timeout: number,
): TimeoutError {
  const { held, pending } = port.snapshot()
  const holders = held.filter((entry) => entry.name === name)
  const waiters = pending.filter((entry) => entry.name === name).length
  const by = holders.map((entry) => `agent ${entry.clientId} (${entry.mode})`).join(', ')
  const words = `${by === '' ? 'not held by now' : `held by ${by}`}; ${waiters} waiting`
  return new TimeoutError(
    `timed out after ${timeout} ms of blocking for ${show(name)} (${mode}): ${words}`,
    { holders: [], waiters: [], unknownHolders: holders.length, unknownWaiters: waiters },
  )
}
