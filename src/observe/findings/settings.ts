/** From when on something is worth telling. */

import { checkNumber, checkObject } from '../../locks/arguments'

export interface FindingSettings {
  /** A convoy: so many waited at its peak. Default 5. */
  readonly convoyQueue: number
  /** And so many were served while the queue grew. Default 3. */
  readonly convoyServed: number
  /** Starvation: so many times somebody was overtaken, beyond what the lock allows. Default 3. */
  readonly starvationOvertaken: number
  /** ms: after which overtaking counts. Default 50, ten times what a cohort passes a lock on for. */
  readonly starvationPatience: number
  /** ms: a hold that lasts longer is long. Default 1,000. */
  readonly longHold: number
  /** ms: a hold that is shorter may do so across an `await`. Default 50. */
  readonly idleHold: number
  /** From 0 to 1: the part of a hold that went by after the event loop had turned. Default 0.8. */
  readonly idleShare: number
  /** From 0 to 1: a lock is hot that has so much of all waiting. Default 0.5. */
  readonly hotShare: number
  /** ms: if there was so much. Default 100. */
  readonly hotDelay: number
  /** ms: readers' p99 from which on writers are suspected. Default 50. */
  readonly inversionSpike: number
  /** How many times that of readers in whose way no writer is. Default 5. */
  readonly inversionRatio: number
  /** How many findings of each kind at most, the worst first. Default 20. */
  readonly limit: number
}

export const findingDefaults: FindingSettings = {
  convoyQueue: 5,
  convoyServed: 3,
  starvationOvertaken: 3,
  starvationPatience: 50,
  longHold: 1_000,
  idleHold: 50,
  idleShare: 0.8,
  hotShare: 0.5,
  hotDelay: 100,
  inversionSpike: 50,
  inversionRatio: 5,
  limit: 20,
}

const shares: readonly string[] = ['idleShare', 'hotShare']

/** @throws TypeError, RangeError for bad settings, also for one that there is not */
export function withDefaults(settings: Partial<FindingSettings>): FindingSettings {
  checkObject('settings', settings)
  for (const [name, value] of Object.entries(settings)) {
    if (!Object.hasOwn(findingDefaults, name)) {
      throw new TypeError(`no setting is called ${name}`)
    }
    const most = shares.includes(name) ? 1 : Number.POSITIVE_INFINITY
    if (value !== undefined) checkNumber(name, value, 0, most)
  }
  const given = Object.entries(settings).filter(([, value]) => value !== undefined)
  return { ...findingDefaults, ...Object.fromEntries(given) }
}
