/** What each line of the queue means, told from the step and the state it left. */

import type { SectionMode } from '../../scenario/scenario'
import type { Clause, Scene } from '../algorithm'
import { count, names, say } from '../sentence'
import type { Sentence } from '../types'
import type { QueueMemory } from './web-locks-fifo'

type Tell = (scene: Scene<QueueMemory>) => Clause | Sentence

export const joins: Tell = ({ who, before }) =>
  before.queue.length === 0
    ? say`${who} joins the {queue}, as the first.`
    : say`${who} joins the {queue}, behind ${before.queue.at(-1)?.thread ?? ''}.`

export const processes: Tell = ({ before, after }) => {
  const entered = after.held.slice(before.held.length).map(({ thread }) => thread)
  const [first] = after.queue
  if (entered.length > 1) return say`The front of the {queue} is let in: ${names(entered)}.`
  if (entered.length === 1) return say`${names(entered)}, first in the {queue}, is let in.`
  if (!first) return say`Nobody is in the {queue}.`
  const inside = names(after.held.map(({ thread }) => thread))
  const verb = after.held.length === 1 ? 'is' : 'are'
  if (first.mode === 'write') {
    return say`${first.thread}, first in the {queue}, must be alone, and ${inside} ${verb} inside.`
  }
  return say`${first.thread}, first in the {queue}, cannot share with ${inside}, who writes.`
}

export const waits: Tell = ({ thread, effect, after }) => {
  if (!effect.park) return say`${thread} is inside and goes on.`
  const at = after.queue.findIndex((waiter) => waiter.thread === thread)
  const mode = after.queue[at]?.mode
  if (at === 0) return say`${thread} waits at the front of the {queue}.`
  const readers = mode === 'read' && after.held.every((holder) => holder.mode === 'read')
  const though = readers ? ', though only readers hold the lock' : ''
  return say`${thread} waits in the {queue}, with ${count(at, 'request')} before it${though}.`
}

export const holds =
  (mode: SectionMode): Tell =>
  ({ who, thread, holders }) => {
    if (mode === 'write') return say`${who} holds the write lock, alone.`
    const others = holders.filter((holder) => holder.thread !== thread).map((h) => h.thread)
    const beside = others.length > 0 ? `, beside ${names(others)}` : ''
    return say`${who} holds the read lock${beside}.`
  }

export const leaves: Tell = ({ who, after }) => {
  if (after.held.length === 0) return say`${who} leaves, and nobody is inside.`
  const inside = names(after.held.map(({ thread }) => thread))
  return say`${who} leaves; ${inside} ${after.held.length === 1 ? 'is' : 'are'} still inside.`
}

export const tries: Tell = ({ who, effect, before }) => {
  if (effect.go === 2) return say`${who} finds nobody in its way and goes in.`
  if (before.queue.length > 0) return say`${who} finds others in the {queue}.`
  return say`${who} finds ${names(before.held.map(({ thread }) => thread))} inside.`
}

export const isRefused: Tell = ({ who }) => say`${who} is told no, and has not waited.`
