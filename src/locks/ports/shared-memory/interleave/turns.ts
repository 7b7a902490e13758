/**
 * Whose turn it is. Every thread stops before each of its operations and the next turn is decided:
 * by the prefix that the explorer gave, then at random or by going on with the same thread. The
 * thread that stops takes the decision itself, so that a thread that goes on pays no switch; since
 * nobody else runs meanwhile this is the same as one scheduler apart (Musuvathi and Qadeer,
 * "Iterative context bounding for systematic testing of multithreaded programs", PLDI 2007).
 *
 * Time is virtual: a wait times out when the schedule says so, or when nothing else can run. In
 * the second case every sleeper's word must still be what it was when the sleep began: otherwise
 * somebody changed it and nobody is left to tell the sleeper, which is a lost wake-up.
 */

import {
  area,
  at,
  decisionField,
  field,
  limits,
  type Outcome,
  ofThread,
  outcomeNumber,
} from './control'
import { drawAction } from './draw-action'
import type { Known } from './known'
import { addNote, ofNobody } from './notes'
import { action, readAction } from './schedule'
import { nobody, Situation, type Stop } from './situation'
import { never, Waiters, waitState } from './waiters'

/** Thrown through the program of a thread that was killed, or whose run is over. */
export const runOver = new Error('This run is over')

/** Longer is a loop that nobody ends. */
const mostTurns = 20_000
const mostForcedTimeouts = 200
export class Turns {
  readonly waiters: Waiters
  readonly situation: Situation

  constructor(
    readonly control: Int32Array<SharedArrayBuffer>,
    memory: Int32Array,
    readonly known: Known,
  ) {
    this.waiters = new Waiters(control)
    this.situation = new Situation(control, memory, this.waiters)
  }

  get over(): boolean {
    return at(this.control, field.over) !== 0
  }

  /** The explorer gives the first turn, and waits until every thread has left the run. */
  begin(): void {
    this.#wake(this.#decide(nobody, 'open'))
  }

  /** Stops until it is this thread's turn again. Throws `runOver` if there is none. */
  pass(thread: number, stop: Stop): void {
    if (this.over || this.situation.is(thread, 'dead')) throw runOver
    const next = this.#decide(thread, stop)
    if (next === thread) return
    this.#wake(next)
    if (this.over || this.situation.is(thread, 'dead')) throw runOver
    this.sleep(thread)
  }

  sleep(thread: number): void {
    const turn = ofThread(thread, 'turn')
    // A late notification of an earlier turn wakes too: only the word counts.
    while (Atomics.load(this.control, turn) === 0) Atomics.wait(this.control, turn, 0)
    Atomics.store(this.control, turn, 0)
    if (this.over || this.situation.is(thread, 'dead')) throw runOver
  }

  end(outcome: Outcome): void {
    if (this.over) return
    this.control[field.outcome] = outcomeNumber(outcome)
    this.control[field.over] = 1
    for (let thread = 0; thread < at(this.control, field.threads); thread++) this.#wake(thread)
  }

  #wake(thread: number): void {
    if (thread === nobody) return
    const turn = ofThread(thread, 'turn')
    Atomics.store(this.control, turn, 1)
    Atomics.notify(this.control, turn, 1)
  }

  /** Decides until a thread is to run. `nobody` when the run is over. */
  #decide(thread: number, stop: Stop): number {
    const turns = at(this.control, field.turns)
    this.control[field.turns] = turns + 1
    if (turns > mostTurns) return this.#over('endless')
    const isCalm = stop === 'calm' || (stop === 'alone' && !this.situation.isMortal(thread))
    if (thread !== nobody && isCalm) return thread
    for (;;) {
      const can = this.situation.runnable()
      if (can === 0) {
        if (this.situation.allFinished()) return this.#over('finished')
        const wrong = this.#force()
        if (wrong !== undefined) return this.#over(wrong)
        continue
      }
      const goesOn = thread !== nobody && (can & (1 << thread)) !== 0
      const current = goesOn && stop !== 'together' ? thread : nobody
      const decision = this.#pick(current, can, stop)
      if (decision === undefined) return nobody
      const { does, thread: chosen } = readAction(decision)
      if (does === 'kill') this.#kill(chosen)
      else if (does === 'timeout') this.#timeOut(chosen)
      else {
        if (current !== nobody && chosen !== current) this.#spend(field.preemptions)
        return chosen
      }
    }
  }

  #over(outcome: Outcome): typeof nobody {
    this.end(outcome)
    return nobody
  }

  /** One of what is possible; notes it if there was a choice. */
  #pick(current: number, able: number, stop: Stop): number | undefined {
    if (this.situation.isEarly()) return action.run(current !== nobody ? current : lowest(able))
    const alone = stop === 'alone' && current !== nobody
    const can = alone ? 1 << current : able
    const kill = at(this.control, field.kills) > 0 ? this.situation.killable(current, stop) : 0
    const timeout = !alone && at(this.control, field.timeouts) > 0 ? this.situation.impatient() : 0
    const usual = action.run(current !== nobody ? current : lowest(can))
    if (kill === 0 && timeout === 0 && (can & (can - 1)) === 0) return usual

    const place = at(this.control, field.decisions)
    if (place === limits.decisions) {
      this.end('endless')
      return undefined
    }
    const possible = can | (kill << 8) | (timeout << 16)
    let chosen = usual
    if (place < at(this.control, field.prefix)) {
      chosen = at(this.control, area.prefix + place)
      if ((possible & (1 << chosen)) === 0) {
        this.end('another way')
        return undefined
      }
    } else if (at(this.control, field.random) !== 0) {
      chosen = drawAction(this.control, usual, can, kill, timeout)
    } else if (
      at(this.control, field.pruning) !== 0 &&
      this.situation.isKnown(this.known, current)
    ) {
      this.end('known')
      return undefined
    }
    const from = area.decisions + place * decisionField.size
    this.control[from + decisionField.action] = chosen
    this.control[from + decisionField.possible] = possible
    this.control[from + decisionField.current] = current
    this.control[from + decisionField.preemptions] = at(this.control, field.preemptions)
    this.control[field.decisions] = place + 1
    return chosen
  }

  #kill(thread: number): void {
    this.#spend(field.kills)
    this.situation.setStatus(thread, 'dead')
    this.waiters.removeWhere((waiter) => waiter.thread === thread)
    addNote(this.control, { thread, kind: 'died', name: ofNobody, request: 0, detail: 0 })
  }

  #timeOut(thread: number): void {
    this.#spend(field.timeouts)
    this.#expire(this.waiters.earliest(thread))
  }

  #spend(budget: number): void {
    this.control[budget] = at(this.control, budget) - 1
  }

  #expire(place: number): void {
    const { due } = this.waiters.get(place)
    this.waiters.setState(place, waitState.timedOut)
    this.control[field.clock] = Math.max(at(this.control, field.clock), due)
  }

  /** Nothing else can run: the next time comes. Answers what is wrong, if something is. */
  #force(): Outcome | undefined {
    if (this.situation.hasLostWakeUp()) return 'lost wake-up'
    const place = this.waiters.earliest(undefined)
    if (place < 0) return 'deadlock'
    if (!this.situation.isNear(place)) return 'deadlock'
    const forced = at(this.control, field.forced)
    this.control[field.forced] = forced + 1
    if (forced > mostForcedTimeouts) return 'endless'
    this.#expire(place)
    return undefined
  }
}

function lowest(mask: number): number {
  return 31 - Math.clz32(mask & -mask)
}

/** When a wait that begins now ends by itself. */
export function dueAfter(now: number, timeout: number): number {
  return timeout === Number.POSITIVE_INFINITY ? never : now + Math.ceil(timeout)
}
