/**
 * Which lock an object stands for. Components make their locks while they render, so that each time
 * it is another object; it is the same lock all the same, and must not be given up and asked for
 * again. Objects are the same lock if they are of one lock space and describe themselves alike.
 */

import { refuse } from '../locks/arguments'
import { kinds, type LockDescriptor } from '../locks/descriptor'

/** What all locks that `createLocks` makes have in common. */
export interface Described {
  readonly name: string
  descriptor?(): { readonly latchkey: string }
  readonly campaign?: unknown
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

export type Kind = LockDescriptor['latchkey'] | 'leader'
export const everyKind: readonly Kind[] = [...kinds, 'leader']

/**
 * @param allowed what the hook can do with
 * @param more what else makes a difference: a mode, a key, a number of permits
 * @throws TypeError for what is no such lock
 */
export function identityOf(
  argument: string,
  lock: Described,
  allowed: readonly Kind[],
  more: readonly unknown[] = [],
): Identity {
  const kind = kindOf(lock)
  if (kind === undefined || !allowed.includes(kind)) {
    refuse(argument, `be a ${allowed.join(' or ')} of createLocks()`, kind ?? lock)
  }
  const { carrier, space, reader } = lock as Inside
  const description = lock.descriptor?.() ?? lock.name
  const words = JSON.stringify([description, ...more.map((each) => `${typeof each} ${each}`)])
  return { space: space ?? carrier ?? reader?.carrier, words }
}

export function sameIdentity(a: Identity, b: Identity): boolean {
  return a.space === b.space && a.words === b.words
}

/** What kind of lock it is; undefined for what is none. Leaders do not describe themselves. */
export function kindOf(lock: Described): Kind | undefined {
  const kind = lock?.descriptor?.().latchkey as Kind | undefined
  return kind ?? (typeof lock?.campaign === 'function' ? 'leader' : undefined)
}
