/** Go's lock from inside: its registers, and what a parked goroutine waits for. */

import type { Holder, Wait } from '../algorithm'
import type { Mutex, Semaphore } from '../queues'
import { heldBy, numberView, offsetView, threadsView, waitingChips } from '../registers'
import { count } from '../sentence'
import type { Chip, RegisterView, ThreadId } from '../types'
import type { GoMemory } from './go-rwmutex'

export function registers(memory: GoMemory, holders: readonly Holder[]): RegisterView[] {
  const { readerCount, readerWait, writerSem, readerSem, w } = memory
  return [
    offsetView('readerCount', readerCount, countNote(readerCount, holders)),
    numberView('readerWait', readerWait, 'readers the writer still waits for'),
    threadsView('writerSem', waitingChips(writerSem.parked), tokenNote(writerSem)),
    threadsView('readerSem', waitingChips(readerSem.parked), tokenNote(readerSem)),
    threadsView('w', writerChips(w, holders)),
    heldBy(holders),
  ]
}

function countNote(readerCount: number, holders: readonly Holder[]): string {
  const pending = readerCount < 0
  const readers = count(pending ? readerCount + 2 ** 30 : readerCount, 'reader')
  if (!pending) return readers
  const inside = holders.some(({ mode }) => mode === 'write')
  return `${readers} · a writer is ${inside ? 'inside' : 'pending'}`
}

function tokenNote({ tokens }: Semaphore): string {
  return tokens === 0 ? '' : `released ${tokens === 1 ? 'once' : `${tokens} times`} ahead`
}

function writerChips({ holder, parked }: Mutex, holders: readonly Holder[]): Chip[] {
  const queued = waitingChips(parked).map((chip) => ({ ...chip, text: `${chip.text} · queued` }))
  if (holder === null) return queued
  const writes = holders.some(({ thread, mode }) => thread === holder && mode === 'write')
  return [{ thread: holder, kind: writes ? 'writing' : 'waiting', text: holder }, ...queued]
}

/** On `readerSem` one waits for the writer that has `w`; on `w` for whoever is before one. */
export function wait(
  { readerWait, w }: GoMemory,
  thread: ThreadId,
  on: string,
  holders: readonly Holder[],
): Wait {
  if (on === 'readerSem') {
    return { for: w.holder === null ? [] : [w.holder], label: 'parked on readerSem' }
  }
  if (on === 'w') {
    const before = w.parked[w.parked.indexOf(thread) - 1] ?? w.holder
    if (before === null) return { for: [], label: 'parked on w' }
    return { for: [before], label: `queued behind ${before}` }
  }
  const readers = holders.filter(({ mode }) => mode === 'read').map((holder) => holder.thread)
  return { for: [...new Set(readers)], label: `waiting for ${count(readerWait, 'reader')}` }
}
