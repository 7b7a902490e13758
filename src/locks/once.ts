/** Single flight: many call, one does the work, all get its result. */

import {
  checkFunction,
  checkName,
  checkNumber,
  checkOptions,
  checkWait,
  type WaitOptions,
} from './arguments'
import type { Site } from './call-site'
import { ReentrancyError } from './errors'
import type { Hold } from './hold'
import type { Caller } from './once-flight'
import { Flights } from './once-flights'
import { onceSuffix } from './once-line'
import type { Outcome } from './once-outcome'
import { waitTogether } from './patience'
import { explainSharedWait } from './questions'
import { show } from './show'
import type { Space } from './space'

export function once<T>(
  space: Space,
  site: Site | undefined,
  name: string,
  fn: (hold: Hold) => T | PromiseLike<T>,
  options: WaitOptions = {},
): Promise<T> {
  checkName('name', name)
  checkFunction('fn', fn)
  checkOptions(options)
  checkWait(options)
  const { timeout, signal, reentrant } = options
  // No work is done in no time.
  if (timeout !== undefined) checkNumber('timeout', timeout, 1, Number.POSITIVE_INFINITY)
  signal?.throwIfAborted()
  const lock = name + onceSuffix
  if (reentrant !== 'wait') refuseOwn(space, name, lock)
  space.flights ??= new Flights(space)
  const line = space.flights.line(name)
  let settle: (outcome: Outcome) => void = () => {}
  const result = new Promise<T>((resolve, reject) => {
    settle = (outcome) => {
      if ('error' in outcome) reject(outcome.error)
      else resolve(outcome.value as T)
    }
  })
  const caller: Caller = { id: space.nextId(), fn, site, settle, joined: undefined }
  line.enter(caller)
  const waiter = { name: lock, space, toString: () => `the result of once(${show(name)})` }
  return waitTogether(space.clock, result, options, {
    late: (timeout) =>
      explainSharedWait(waiter, timeout, line.isLast(caller) ? line.task : undefined),
    leave: () => line.leave(caller),
  })
}

/** @throws ReentrancyError if the function of this very name asks for itself */
function refuseOwn(space: Space, name: string, lock: string): void {
  for (const held of space.owner?.holds ?? []) {
    if (held.name !== lock) continue
    throw new ReentrancyError(`once(${show(name)}) in its own function would wait for itself`)
  }
}
