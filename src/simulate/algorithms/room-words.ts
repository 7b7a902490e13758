/** What each line of the room means, told from the step and the state it left. */

import type { Clause, Holder, Scene } from '../algorithm'
import { count, names, say } from '../sentence'
import type { Sentence, ThreadId } from '../types'
import type { RoomMemory } from './room'

type Tell = (scene: Scene<RoomMemory>) => Clause | Sentence

const others = (holders: readonly Holder[], thread: ThreadId) =>
  holders.filter((holder) => holder.thread !== thread).map((holder) => holder.thread)

export const readerEnters: Tell = ({ who, before, effect }) => {
  if (!effect.local) {
    if (before.writersWaiting > 0) return say`${who} goes in, past the writers that wait.`
    return say`${who} goes in: nobody writes.`
  }
  if (before.writing) return say`${who} counts itself as waiting: somebody writes.`
  return say`${who} counts itself as waiting: a writer waits, and writers go first.`
}

export const writerEnters: Tell = ({ who, before, effect }) => {
  if (!effect.local) return say`${who} finds nobody inside and takes the room.`
  if (before.writing) return say`${who} counts itself as waiting: somebody writes.`
  return say`${who} counts itself as waiting: ${count(before.readers, 'reader')} inside.`
}

export const testsWait: Tell = ({ who, local }) =>
  local ? say`So ${low(who)} has to wait.` : say`So ${low(who)} does not have to wait.`

export const parks =
  (queue: 'readerSem' | 'writerSem'): Tell =>
  ({ who, effect, holders }) => {
    if (!effect.park) return say`The semaphore has been released already: ${low(who)} goes on.`
    const readers = holders.length > 0 && holders.every(({ mode }) => mode === 'read')
    const though = readers && queue === 'readerSem' ? ', though only readers hold the lock' : ''
    return [...say`${who} parks on `, { kind: 'code', text: queue }, ...say`${though}.`]
  }

export const readHeld: Tell = ({ who, thread, holders, woken }) => {
  const beside = others(holders, thread)
  const tail = beside.length > 0 ? `, beside ${names(beside)}` : ''
  if (woken) return say`${who} is let in and holds the read lock${tail}.`
  return say`${who} holds the read lock${tail}.`
}

export const writeHeld: Tell = ({ who, woken }) =>
  woken
    ? say`${who} is let in and holds the write lock, alone.`
    : say`${who} holds the write lock, alone.`

export const readerLeaves: Tell = ({ who, after }) => {
  if (after.readers > 0) {
    const are = after.readers === 1 ? 'is' : 'are'
    return say`${who} leaves; ${count(after.readers, 'reader')} ${are} still inside.`
  }
  if (after.writing) return say`${who} leaves as the last reader and hands over to a writer.`
  return say`${who} leaves as the last reader, and no writer waits.`
}

export const testsNext: Tell = ({ local }) =>
  local === 0 ? say`There is nobody to wake.` : say`The writer that is next has to be woken.`

export const writerLeaves: Tell = ({ who, after }) => {
  if (after.writing) return say`${who} leaves and hands over to the writer that waited longest.`
  if (after.readers === 0) return say`${who} leaves, and nobody waits.`
  const readers = count(after.readers, 'reader')
  const passed = after.writersWaiting > 0 ? ', past the writers that wait' : ''
  return say`${who} leaves and lets ${readers} in${passed}.`
}

export const testsLetIn: Tell = ({ local }) => {
  if (local > 0) return say`${count(local, 'reader')} ${local === 1 ? 'is' : 'are'} to be woken.`
  return local < 0 ? say`It is a writer that is to be woken.` : say`There is nobody left to wake.`
}

export const releases =
  (queue: 'readerSem' | 'writerSem'): Tell =>
  ({ thread, effect }) => {
    const code = { kind: 'code', text: queue } as const
    const [first] = effect.wake ?? []
    const then = first === undefined ? ' ahead of time.' : `, and ${first} goes on.`
    return [...say`${thread} releases `, code, ...say`${then}`]
  }

export const tries: Tell = ({ who, effect }) =>
  effect.go === 2
    ? say`${who} finds nobody in its way and goes in.`
    : say`${who} finds others in its way.`

export const isRefused: Tell = ({ who }) => say`${who} is told no, and has not waited.`

function low(who: string): string {
  return who === 'It' ? 'it' : who
}
