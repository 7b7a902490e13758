import { checkObject, refuse } from '../arguments'
import { StaleFenceError } from '../errors'
import { show } from '../show'

/** On whose behalf: a hold that was acquired with a fence, or what is known of one elsewhere. */
export interface FencedHold {
  /** The lock's. */
  readonly name: string
  readonly fence?: number | undefined
}

/** @throws TypeError for what has no fence: nobody could tell a late write of its from a good one */
export function checkFence(hold: FencedHold): number {
  checkObject('hold', hold)
  const { name, fence } = hold
  if (typeof name !== 'string') refuse('hold.name', 'be a string', name)
  if (!Number.isSafeInteger(fence) || Number(fence) < 1) {
    refuse('hold.fence', 'be a fencing token: acquire the lock with { fence: true }', fence)
  }
  return Number(fence)
}

export function stale({ name, fence }: FencedHold, highest: number): StaleFenceError {
  return new StaleFenceError(
    `fence ${fence} of ${show(name)} is stale: this store has seen ${highest}, so somebody else had the lock since`,
  )
}
