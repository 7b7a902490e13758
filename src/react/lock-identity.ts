/**
 * Which lock an object stands for. Components make their locks while they render, so that each time
 * it is another object; it is the same lock all the same, and must not be given up and asked for
 * again. Objects are the same lock if they are of one lock space and describe themselves alike.
 */

import type { LockDescriptor } from '../locks/descriptor'
import { show } from '../locks/show'

/** What all locks that `createLocks` makes have in common. */
export interface Described {
  readonly name: string
  descriptor?(): { readonly latchkey: string }
}

/** Where they keep their lock space. */
interface Inside {
  readonly carrier?: object
  readonly space?: object
  readonly reader?: { readonly carrier?: object }
}

export interface Identity {
  readonly space: object | undefined
  readonly words: string
}

/**
 * @param more what else makes a difference: a mode, a key, a number of permits
 * @throws TypeError for what is no lock
 */
export function identityOf(argument: string, lock: Described, more: readonly unknown[]): Identity {
  if (typeof lock?.name !== 'string') {
    throw new TypeError(`${argument} must be what createLocks() makes, got ${show(lock)}`)
  }
  const { carrier, space, reader } = lock as Inside
  const description = lock.descriptor?.() ?? lock.name
  const words = JSON.stringify([description, ...more.map((each) => `${typeof each} ${each}`)])
  return { space: space ?? carrier ?? reader?.carrier, words }
}

export function sameIdentity(a: Identity, b: Identity): boolean {
  return a.space === b.space && a.words === b.words
}

/** What kind of lock it is. */
export function kindOf(lock: Described): LockDescriptor['latchkey'] | undefined {
  return lock.descriptor?.().latchkey as LockDescriptor['latchkey'] | undefined
}
