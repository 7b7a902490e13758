/** Which numbers fences have. */

import { CapacityError } from './errors'

/**
 * The first of `count` fences in a row, each greater than these two.
 * @throws CapacityError if there are no such numbers
 */
export function firstAfter(last: number, floor: number, count: number): number {
  const before = Math.max(last, floor)
  if (before > Number.MAX_SAFE_INTEGER - count) {
    throw new CapacityError(`no fences are left above ${before}`)
  }
  return before + 1
}
