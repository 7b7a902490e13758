/** The check of lock order, as `createLocks` takes it. */

import { checkChoice, checkObject, refuse } from '../arguments'
import type { Extension } from '../extension'
import type { Space } from '../space'
import { mostClasses } from './order-graph'
import { OrderWatch } from './order-watch'

export interface OrderOptions {
  /** Default `throw`. */
  readonly onViolation?: 'warn' | 'throw' | undefined
}

/**
 * Finds locks that are asked for against their order, the first time that it happens and though
 * nothing hangs, as Linux's lockdep does. Classes have an order, not single locks: a lock's class is
 * the part of its name before the first `:`, so that all keys of a keyed mutex are of one class. Two
 * locks of one class have none; take them through `all`. What belongs to no named task, hold or
 * beginning of a `run` callback holds nothing else, and is in order.
 *
 * Each agent learns for itself, at most 1,000 classes and 10,000 pairs of them.
 *
 * @param order `'throw'`: the acquisition that closes a circle rejects with `LockOrderError` before
 *   anything is queued. `'warn'`: it goes on; the event `order-violation` and one line on the console
 *   tell of each pair of classes once. An array of classes declares their order, and nothing is
 *   learned: classes that are not in it may come anywhere.
 * @param options for a declared order: what a violation leads to
 * @throws TypeError, RangeError for bad arguments
 * @example
 * const locks = createLocks({ order: checkOrder(['account', 'audit']) })
 */
export function checkOrder(
  order: 'warn' | 'throw' | readonly string[],
  options: OrderOptions = {},
): Extension<'order'> {
  checkObject('options', options)
  const declared = typeof order === 'string' ? undefined : checkDeclared(order)
  if (declared === undefined) checkChoice('order', order, actions)
  const fallback = typeof order === 'string' ? order : 'throw'
  const { onViolation = fallback as 'warn' | 'throw' } = options
  checkChoice('onViolation', onViolation, actions)
  const settings = { onViolation, declared }
  return {
    extends: 'order',
    install(space: Space) {
      // One for all of this realm's locks of a reach: the latest settings count.
      if (space.order === undefined) space.order = new OrderWatch(space, settings)
      else space.order.settings = settings
    },
  }
}

const actions = ['warn', 'throw'] as const

function checkDeclared(order: unknown): readonly string[] {
  if (!Array.isArray(order)) {
    refuse('order', "be 'warn', 'throw' or an array of lock classes", order)
  }
  if (order.length > mostClasses) {
    refuse('order', `have at most ${mostClasses} classes`, order.length, RangeError)
  }
  for (const [index, each] of order.entries()) {
    if (typeof each !== 'string' || each === '' || each.includes(':')) {
      refuse(`order[${index}]`, "be a lock class: a name's part before the first ':'", each)
    }
    if (order.indexOf(each) < index) refuse(`order[${index}]`, 'not be named twice', each)
  }
  return [...order]
}
