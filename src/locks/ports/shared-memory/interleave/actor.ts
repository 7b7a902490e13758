/**
 * One thread of the harness: it plays its part in run after run, until it is terminated. Killing
 * it in a run means that it leaves the run at once and does nothing more there; the real thread
 * lives on for the next run, because starting one takes a thousand times as long as a run.
 */

import type { Clock } from '../../../clock'
import type { Presence } from '../../../presence/presence'
import type { Words } from '../words'
import { area, at, field, limits, ofThread } from './control'
import { EventLoop, type WaitAsync } from './event-loop'
import { Known } from './known'
import { addNote, type NoteKind, nameNumber } from './notes'
import { Races } from './races'
import { ScheduledWords } from './scheduled-words'
import { runOver, Turns } from './turns'

/** What a program has: everything that it shares with others is under the scheduler's control. */
export interface Stage {
  readonly thread: number
  readonly memory: SharedArrayBuffer
  readonly words: Words
  readonly clock: Clock
  readonly presence: Presence
  readonly waitAsync: WaitAsync
  /** A long way between two operations: that others come in here is no preemption. */
  step(): void
  /** For cases that have a meeting: waits until every thread is here. */
  meet(): void
  /** Tells the judge. A request is known by any number below 16. */
  note(kind: NoteKind, name: string, request: number, detail?: number): void
}

export type Program = (stage: Stage) => void | Promise<void>

/** What a thread is given when it starts. */
export interface Seat {
  readonly thread: number
  readonly control: Int32Array<SharedArrayBuffer>
  readonly memory: SharedArrayBuffer
  readonly known: SharedArrayBuffer
  readonly races: SharedArrayBuffer
}

/** @param programs of each case, of each thread */
export async function serve(seat: Seat, programs: readonly (readonly Program[])[]): Promise<never> {
  const { thread, control } = seat
  // What a killed thread's promises come to once it has left is no news.
  process.on('unhandledRejection', (error) => {
    if (error !== runOver) throw error
  })
  const run = ofThread(thread, 'run')
  for (let last = 0; ; last++) {
    while (Atomics.load(control, run) === last) Atomics.wait(control, run, last)
    const program = programs[at(control, field.case)]?.[thread]
    if (program !== undefined) await play(seat, program)
    Atomics.add(control, field.left, 1)
    Atomics.notify(control, field.left)
  }
}

async function play(seat: Seat, program: Program): Promise<void> {
  const { thread, control } = seat
  const memory = new Int32Array(seat.memory)
  const turns = new Turns(control, memory, new Known(seat.known))
  const words = new ScheduledWords(turns, thread, memory, new Races(seat.races, memory.length))
  const loop = new EventLoop(words)
  const stage: Stage = {
    thread,
    memory: seat.memory,
    words,
    clock: loop.clock,
    presence: loop.presence,
    waitAsync: loop.waitAsync,
    step: () => words.step(),
    meet: () => words.meet(),
    note(kind, name, request, detail = 0) {
      if (words.over) return
      addNote(control, {
        thread,
        kind,
        name: nameNumber(name),
        request: thread * 16 + request,
        detail,
      })
    },
  }
  const fail = (error: unknown) => {
    if (error === runOver || words.over) return
    write(control, error instanceof Error ? (error.stack ?? error.message) : String(error))
    turns.end('error')
  }
  process.on('unhandledRejection', fail)
  try {
    words.start()
    await loop.run(() => program(stage))
  } catch (error) {
    fail(error)
  } finally {
    process.off('unhandledRejection', fail)
  }
}

function write(control: Int32Array, text: string): void {
  const length = Math.min(text.length, limits.text)
  control[field.text] = length
  for (let place = 0; place < length; place++) control[area.text + place] = text.charCodeAt(place)
}
