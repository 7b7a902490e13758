/**
 * The real threads of the harness, and one run of theirs: the memory is set to what the case
 * begins with, the first turn is given, and when every thread has left, the records are read.
 */

import type { Seat } from './actor'
import {
  area,
  at,
  createControl,
  decisionField,
  field,
  type Outcome,
  ofThread,
  operationField,
  outcomes,
  status,
} from './control'
import { Known } from './known'
import { type Note, readNotes } from './notes'
import { Races } from './races'
import { operations } from './scheduled-words'
import { Turns } from './turns'

/** As much of Node's `Worker` as is needed here: a test passes it in. */
export interface Thread {
  once(event: 'message' | 'error', listener: (what: unknown) => void): unknown
  terminate(): Promise<unknown>
}
export type ThreadConstructor = new (
  code: string,
  options: { eval: true; execArgv: string[]; workerData: unknown },
) => Thread

/** Loads TypeScript, then the parts, and plays until it is terminated. */
const code = `
  const { parentPort, workerData } = require('node:worker_threads')
  const load = async () => {
    const { register } = await import('tsx/esm/api')
    register()
    const { serve } = await import(workerData.actor)
    const { cases } = await import(workerData.cases)
    parentPort.postMessage('ready')
    return serve(workerData.seat, cases.map(({ programs }) => programs))
  }
  load()
`

export interface Orders {
  /** Which of the cases. */
  readonly case: number
  readonly threads: number
  /** The decisions to begin with. */
  readonly prefix: readonly number[]
  /** Not 0: what the prefix leaves open is decided at random from here on. */
  readonly random: number
  readonly preemptions: number
  readonly kills: number
  readonly timeouts: number
  /** Which threads may be killed, a bit each. */
  readonly mortal: number
  /** Whether what comes before the threads' meeting is left to itself. */
  readonly meets: boolean
  /** Whether the run may end where the state is known. */
  readonly pruning: boolean
  readonly recording: boolean
}

export interface Decision {
  readonly action: number
  /** What was possible: a bit for the number of each action. */
  readonly possible: number
  /** The thread that could have gone on; -1: none. */
  readonly current: number
  /** How many preemptions were left. */
  readonly preemptions: number
}

export interface Run {
  readonly outcome: Outcome
  /** What a program threw, if the outcome is `error`. */
  readonly error: string
  readonly decisions: readonly Decision[]
  readonly notes: readonly Note[]
  /** Threads that were killed, a bit each. */
  readonly dead: number
  readonly operations: readonly string[]
}

export class Gang {
  readonly known = new Known()
  readonly #memory: Int32Array<SharedArrayBuffer>
  readonly #turns: Turns
  readonly #races: Races
  readonly #control = createControl()
  readonly #threads: Thread[] = []

  constructor(readonly memory: SharedArrayBuffer) {
    this.#memory = new Int32Array(memory)
    this.#races = Races.create(this.#memory.length)
    this.#turns = new Turns(this.#control, this.#memory, this.known)
  }

  /** @param cases the address of a module that exports `cases`, an array of `Case` */
  async start(Worker: ThreadConstructor, cases: URL, threads: number): Promise<void> {
    const starting = Array.from({ length: threads }, (_, thread) => {
      const seat: Seat = {
        thread,
        control: this.#control,
        memory: this.memory,
        known: this.known.buffer,
        races: this.#races.buffer,
      }
      const actor = new URL('./actor.ts', import.meta.url).href
      const workerData = { actor, cases: cases.href, seat }
      const started = new Worker(code, { eval: true, execArgv: [], workerData })
      this.#threads.push(started)
      return new Promise((resolve, reject) => {
        started.once('message', resolve)
        started.once('error', reject)
      })
    })
    await Promise.all(starting)
  }

  async stop(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()))
  }

  /** Blocks until the run is over. @param begin what the memory begins with */
  play(orders: Orders, begin: Int32Array): Run {
    const control = this.#control
    this.#memory.set(begin)
    this.#races.clear()
    control.fill(0, 0, field.size)
    for (let thread = 0; thread < this.#threads.length; thread++) {
      control.fill(0, ofThread(thread, 'turn'), ofThread(thread, 'run'))
    }
    control[field.case] = orders.case
    control[field.threads] = orders.threads
    control[field.prefix] = orders.prefix.length
    control.set(orders.prefix, area.prefix)
    control[field.random] = orders.random
    control[field.preemptions] = orders.preemptions
    control[field.kills] = orders.kills
    control[field.timeouts] = orders.timeouts
    control[field.mortal] = orders.mortal
    control[field.meets] = orders.meets ? 1 : 0
    control[field.pruning] = orders.pruning ? 1 : 0
    control[field.recording] = orders.recording ? 1 : 0
    // A thread that has no part in this case does not even wake up.
    for (let thread = 0; thread < orders.threads; thread++) {
      Atomics.add(control, ofThread(thread, 'run'), 1)
      Atomics.notify(control, ofThread(thread, 'run'))
    }
    this.#turns.begin()
    for (;;) {
      const left = Atomics.load(control, field.left)
      if (left === orders.threads) break
      if (Atomics.wait(control, field.left, left, 20_000) === 'timed-out') {
        throw new Error('A thread is in a loop without any operation on shared memory')
      }
    }
    return this.#read(orders)
  }

  #read(orders: Orders): Run {
    const control = this.#control
    let dead = 0
    for (let thread = 0; thread < orders.threads; thread++) {
      if (at(control, ofThread(thread, 'status')) === status.dead) dead |= 1 << thread
    }
    return {
      outcome: outcomes[at(control, field.outcome)] ?? 'error',
      error: this.#error(),
      decisions: Array.from({ length: at(control, field.decisions) }, (_, place) => {
        const read = (name: Exclude<keyof typeof decisionField, 'size'>) =>
          at(control, area.decisions + place * decisionField.size + decisionField[name])
        return {
          action: read('action'),
          possible: read('possible'),
          current: read('current'),
          preemptions: read('preemptions'),
        }
      }),
      notes: readNotes(control),
      dead,
      operations: Array.from({ length: at(control, field.recorded) }, (_, place) => {
        const read = (name: Exclude<keyof typeof operationField, 'size'>) =>
          at(control, area.operations + place * operationField.size + operationField[name])
        const what = operations[read('operation')] ?? '?'
        const [thread, index, value, result] = [
          read('thread'),
          read('index'),
          read('value'),
          read('result'),
        ]
        return `#${read('decision')} thread ${thread}: ${what} [${index}] ${value} = ${result}`
      }),
    }
  }

  #error(): string {
    const length = at(this.#control, field.text)
    return String.fromCharCode(...this.#control.subarray(area.text, area.text + length))
  }
}
