/**
 * The words under test as one thread sees them: before every operation it stops until its turn
 * comes, then does this one operation on the real memory. Waiting is the scheduler's affair: who
 * waits is not runnable until it is notified, times out or is killed.
 *
 * Plain reads and writes are for words that nobody else touches meanwhile, so others are not let
 * in before them; a thread may die before each write, though.
 */

import type { Words } from '../words'
import { area, at, field, limits, ofThread, operationField } from './control'
import { high, low } from './hash'
import type { Races } from './races'
import type { Stop } from './situation'
import { dueAfter, runOver, type Turns } from './turns'
import { waiting, waitState } from './waiters'

/** What a thread can stand before, by the number that stands in records. */
export const operations = [
  'read',
  'write',
  'load',
  'store',
  'exchange',
  'compareExchange',
  'add',
  'wait',
  'notify',
  'waitAsync',
  'step',
  'park',
] as const
export type Operation = (typeof operations)[number]

/** Any odd number: words and indices are small, hashes must not be. */
const seed = 0x2545f491

const waitResults = ['ok', 'not-equal', 'timed-out'] as const

export type AsyncWait =
  | { readonly async: false; readonly value: 'not-equal' | 'timed-out' }
  | { readonly async: true; readonly id: number }

export class ScheduledWords implements Words {
  readonly length: number
  #waits = 0
  #over = false

  constructor(
    readonly turns: Turns,
    readonly thread: number,
    readonly memory: Int32Array<SharedArrayBuffer>,
    readonly races: Races,
  ) {
    this.length = memory.length
  }

  read(index: number): number {
    this.stop('calm')
    this.#ordered('reads', index, this.races.read(this.thread, index))
    return this.#done('read', index, 0, at(this.memory, index))
  }

  write(index: number, value: number): void {
    this.stop('alone')
    this.#ordered('writes', index, this.races.write(this.thread, index))
    this.#done('write', index, value, this.#change(index, value))
  }

  load(index: number): number {
    this.stop('harmless')
    this.#atomic(index, false)
    return this.#done('load', index, 0, Atomics.load(this.memory, index))
  }

  store(index: number, value: number): void {
    this.stop()
    this.#atomic(index, true)
    this.#done('store', index, value, this.#change(index, value))
  }

  exchange(index: number, value: number): number {
    this.stop()
    this.#atomic(index, true)
    return this.#done('exchange', index, value, this.#change(index, value))
  }

  compareExchange(index: number, expected: number, replacement: number): number {
    this.stop()
    const found = Atomics.load(this.memory, index)
    this.#atomic(index, found === expected)
    if (found === expected) this.#change(index, replacement)
    return this.#done('compareExchange', index, replacement, found)
  }

  add(index: number, value: number): number {
    this.stop()
    this.#atomic(index, true)
    return this.#done('add', index, value, this.#change(index, at(this.memory, index) + value))
  }

  wait(index: number, value: number, timeout: number): 'ok' | 'not-equal' | 'timed-out' {
    this.stop()
    const result = this.#wait(index, value, timeout)
    this.#atomic(index, false)
    this.#done('wait', index, value, waitResults.indexOf(result))
    return result
  }

  notify(index: number, count: number): number {
    this.stop()
    return this.#done('notify', index, count, this.turns.waiters.notify(index, count))
  }

  /** `Atomics.waitAsync`, but the answer is the number of a wait: the event loop tells its end. */
  waitAsync(index: number, value: number, timeout: number): AsyncWait {
    this.stop()
    const { control, waiters } = this.turns
    const fits = at(this.memory, index) === value
    this.#atomic(index, false)
    const id = ++this.#waits
    this.#done('waitAsync', index, value, fits ? 1 : 0)
    if (!fits) return { async: false, value: 'not-equal' }
    if (timeout <= 0) return { async: false, value: 'timed-out' }
    const due = dueAfter(at(control, field.clock), timeout)
    waiters.add({ thread: this.thread, kind: waiting.asynchronous, index, value, due, id })
    return { async: true, id }
  }

  /** A long way between two operations of a program: others come in here at no cost. */
  step(): void {
    this.stop('together')
    this.#done('step', 0, 0, 0)
  }

  /** Until this thread may go on. Throws `runOver` if it never may again. */
  stop(stop: Stop = 'open'): void {
    if (this.#over) throw runOver
    try {
      this.turns.pass(this.thread, stop)
    } catch (error) {
      this.#over = true
      throw error
    }
  }

  /** Waits until every thread is here, if the case is one in which they meet. */
  meet(): void {
    const { control } = this.turns
    if (at(control, field.meets) === 0) return
    control[field.met] = at(control, field.met) + 1
    this.turns.situation.setStatus(this.thread, 'meeting')
    this.stop('together')
    this.turns.situation.setStatus(this.thread, 'ready')
  }

  /** The first turn of this run. */
  start(): void {
    try {
      this.turns.sleep(this.thread)
    } catch (error) {
      this.#over = true
      throw error
    }
  }

  /** This thread was killed, or the run is over: nothing that it does may count any more. */
  get over(): boolean {
    return this.#over
  }

  /** Something that this thread learnt, and from which it may go on differently. */
  learn(...values: readonly number[]): void {
    const { control } = this.turns
    const pastLow = ofThread(this.thread, 'pastLow')
    const pastHigh = ofThread(this.thread, 'pastHigh')
    for (const value of values) {
      control[pastLow] = low(at(control, pastLow), value)
      control[pastHigh] = high(at(control, pastHigh), value)
    }
  }

  record(operation: Operation, index: number, value: number, result: number): void {
    const { control } = this.turns
    const place = at(control, field.recorded)
    if (at(control, field.recording) === 0 || place === limits.operations) return
    const from = area.operations + place * operationField.size
    control[from + operationField.thread] = this.thread
    control[from + operationField.operation] = operations.indexOf(operation)
    control[from + operationField.index] = index
    control[from + operationField.value] = value
    control[from + operationField.result] = result
    control[from + operationField.decision] = at(control, field.decisions)
    control[field.recorded] = place + 1
  }

  #wait(index: number, value: number, timeout: number): (typeof waitResults)[number] {
    if (at(this.memory, index) !== value) return 'not-equal'
    if (timeout <= 0) return 'timed-out'
    const { control, waiters } = this.turns
    const { thread } = this
    const due = dueAfter(at(control, field.clock), timeout)
    waiters.add({ thread, kind: waiting.blocking, index, value, due, id: 0 })
    this.turns.situation.setStatus(thread, 'blocked')
    this.stop()
    this.turns.situation.setStatus(thread, 'ready')
    const place = waiters.find((each) => each.thread === thread && each.kind === waiting.blocking)
    const { state } = waiters.get(place)
    waiters.remove(place)
    return state === waitState.woken ? 'ok' : 'timed-out'
  }

  #atomic(index: number, writes: boolean): void {
    this.#ordered('touches', index, this.races.atomic(this.thread, index, writes))
  }

  #ordered(does: string, index: number, rival: number | undefined): void {
    if (rival === undefined) return
    throw new Error(`thread ${this.thread} ${does} [${index}] while thread ${rival} does`)
  }

  #done(operation: Operation, index: number, value: number, result: number): number {
    this.learn(operations.indexOf(operation), index, value, result)
    this.record(operation, index, value, result)
    return result
  }

  /** Keeps the hash of the whole memory: each word's share is taken out and put in. */
  #change(index: number, value: number): number {
    const before = Atomics.exchange(this.memory, index, value)
    const after = at(this.memory, index)
    const { control } = this.turns
    const place = low(seed, index)
    control[field.memoryLow] =
      at(control, field.memoryLow) ^ low(low(place, before), seed) ^ low(low(place, after), seed)
    control[field.memoryHigh] =
      at(control, field.memoryHigh) ^
      high(high(place, before), seed) ^
      high(high(place, after), seed)
    return before
  }
}
