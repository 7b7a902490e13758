/** What each line of Go's lock means, told from the step and the state it left. */

import type { Clause, Holder, Scene } from '../algorithm'
import { offsetText, signed } from '../registers'
import { count, names, say } from '../sentence'
import type { Sentence } from '../types'
import type { GoMemory } from './go-rwmutex'

type Tell = (scene: Scene<GoMemory>) => Clause | Sentence

const onlyReaders = (holders: readonly Holder[]) =>
  holders.length > 0 && holders.every(({ mode }) => mode === 'read')

const writing = (holders: readonly Holder[]) => holders.find(({ mode }) => mode === 'write')?.thread

export const readerAdds: Tell = ({ who, after }) => ({
  sentence: say`${who} adds itself: {readerCount} is now ${offsetText(after.readerCount)}.`,
  lead: say`${who} adds itself:`,
})

export const readerTests: Tell = ({ local, holders }) => {
  if (local >= 0) return say`{readerCount} is not negative, so no writer is pending.`
  if (writing(holders)) return say`{readerCount} is still negative, so a writer is inside.`
  return say`{readerCount} is still negative, so a writer is pending.`
}

export const readerParks: Tell = ({ who, effect, holders }) => {
  if (!effect.park)
    return say`{readerSem} has been released for it already, so ${low(who)} goes on.`
  const writer = writing(holders)
  if (writer) return say`${who} parks on {readerSem} until ${writer} has written.`
  if (onlyReaders(holders)) {
    return say`${who} parks on {readerSem}, though only readers hold the lock.`
  }
  return say`${who} parks on {readerSem}: the writer goes first.`
}

export const readHeld: Tell = ({ who, thread, holders, woken }) => {
  const others = holders.filter((holder) => holder.thread !== thread).map((h) => h.thread)
  const beside = others.length > 0 ? `, beside ${names(others)}` : ''
  if (woken) return say`${who} is let in and holds the read lock${beside}.`
  return say`${who} holds the read lock${beside}.`
}

export const readerLeaves: Tell = ({ who, after }) => ({
  sentence: say`${who} takes itself off: {readerCount} is now ${offsetText(after.readerCount)}.`,
  lead: say`${who} takes itself off:`,
})

export const leaverTests: Tell = ({ local }) =>
  local < 0
    ? say`{readerCount} is negative, so a writer waits to be told.`
    : say`{readerCount} is not negative, so no writer waits to be told.`

export const waitDrops: Tell = ({ after }) =>
  say`{readerWait}, the readers that the writer still waits for, drops to ${signed(after.readerWait)}.`

export const lastTests: Tell = ({ local }) => {
  if (local < 0) return say`The writer has yet to add the readers that it found inside.`
  if (local === 0) return say`That was the last of them.`
  return say`The writer goes on waiting for ${count(local, 'reader')}.`
}

export const releasesWriter: Tell = ({ thread, effect }) => {
  const [writer] = effect.wake ?? []
  if (writer === undefined) return say`${thread} releases {writerSem} before the writer has parked.`
  return say`${thread} releases {writerSem}, and ${writer} goes on.`
}

export const locksW: Tell = ({ who, before, effect }) =>
  effect.park
    ? say`${who} parks on {w}, which ${before.w.holder ?? 'another writer'} has: writers go one at a time.`
    : say`${who} takes {w}, so that no other writer comes between.`

export const announces: Tell = ({ who, woken }) =>
  woken
    ? say`${who} has {w} now and announces itself: with 2³⁰ off, {readerCount} is negative and new readers park.`
    : say`${who} announces itself: with 2³⁰ off, {readerCount} is negative and new readers park.`

export const testsInside: Tell = ({ local }) =>
  local === 0
    ? say`No reader is inside.`
    : say`${count(local, 'reader')} ${local === 1 ? 'is' : 'are'} inside.`

export const waitRises: Tell = ({ after }) =>
  say`{readerWait} becomes ${after.readerWait}: that many have to leave first.`

export const testsWait: Tell = ({ local }) =>
  local === 0
    ? say`All of them have left in the meantime.`
    : say`${count(local, 'reader')} ${local === 1 ? 'has' : 'have'} not left yet.`

export const writerParks: Tell = ({ thread, effect, holders }) => {
  if (!effect.park) return say`{writerSem} has been released for it already, so ${thread} goes on.`
  const readers = holders.filter(({ mode }) => mode === 'read').map(({ thread }) => thread)
  if (readers.length === 0) return say`${thread} parks on {writerSem} until the readers have left.`
  const have = readers.length === 1 ? 'has' : 'have'
  return say`${thread} parks on {writerSem} until ${names(readers)} ${have} left.`
}

export const writeHeld: Tell = ({ who, woken }) =>
  woken
    ? say`${who} is let in and holds the write lock, alone.`
    : say`${who} holds the write lock, alone.`

export const writerLeaves: Tell = ({ who, after }) =>
  say`${who} adds 2³⁰ back: {readerCount} is ${after.readerCount}, and readers may come in again.`

export const testsWaiting: Tell = ({ local }) =>
  local === 0
    ? say`No more readers wait to be let in.`
    : say`${count(local, 'reader')} ${local === 1 ? 'waits' : 'wait'} to be let in.`

export const releasesReader: Tell = ({ thread, effect }) => {
  const [reader] = effect.wake ?? []
  if (reader === undefined) return say`${thread} releases {readerSem} before the reader has parked.`
  return say`${thread} releases {readerSem}, and ${reader} goes on.`
}

export const unlocksW: Tell = ({ who, effect }) => {
  const [writer] = effect.wake ?? []
  if (writer === undefined) return say`${who} unlocks {w}: the next writer may come.`
  return say`${who} unlocks {w}, which passes to ${writer}.`
}

export const looks: Tell = ({ who, after }) =>
  say`${who} looks: {readerCount} is ${offsetText(after.readerCount)}.`

export const testsSeen: Tell = ({ local }) =>
  local < 0
    ? say`That is negative, so a writer is pending.`
    : say`That is not negative, so no writer is pending.`

export const swaps: Tell = ({ who, effect }) =>
  effect.go === undefined
    ? say`{readerCount} is as it was seen, and ${low(who)} adds itself in the same step.`
    : say`{readerCount} has changed since, so ${low(who)} looks again.`

export const triesW: Tell = ({ who, before }) =>
  before.w.holder === null
    ? say`${who} takes {w}, which is free.`
    : say`${who} does not get {w}: ${before.w.holder} has it.`

export const swapsAll: Tell = ({ who, before }) =>
  before.readerCount === 0
    ? say`{readerCount} is 0, and ${low(who)} takes 2³⁰ off in the same step.`
    : say`{readerCount} is not 0: readers are inside.`

export const isRefused: Tell = ({ who }) => say`${who} is told no, and has not waited.`

/** `It` inside a sentence. */
function low(who: string): string {
  return who === 'It' ? 'it' : who
}
