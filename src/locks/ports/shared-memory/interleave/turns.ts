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
  status,
} from './control'
import { high, low, nextRandom } from './hash'
import type { Known } from './known'
import { action, readAction } from './schedule'
import { never, Waiters, waiting, waitState } from './waiters'

/** Thrown through the program of a thread that was killed, or whose run is over. */
export const runOver = new Error('This run is over')

/** What a thread stands before, and so what may happen there. */
export type Stop =
  /** Others may go first, and it may die here. */
  | 'open'
  /** It changes nothing: to die here is the same as to die later. */
  | 'harmless'
  /** Nobody else touches the word: that others go first makes no difference. */
  | 'alone'
  /** Both. */
  | 'calm'
  /** Anybody may go on from here, and it is no preemption. */
  | 'together'

/** Longer is a loop that nobody ends. */
const mostTurns = 20_000
const mostForcedTimeouts = 200
/** In virtual ms. Who sleeps longer than that relies on somebody to wake him. */
const patience = 100_000_000

const nobody = -1

export class Turns {
  readonly waiters: Waiters

  constructor(
    readonly control: Int32Array<SharedArrayBuffer>,
    readonly memory: Int32Array,
    readonly known: Known,
    readonly onKill: (thread: number) => void,
  ) {
    this.waiters = new Waiters(control)
  }

  get over(): boolean {
    return at(this.control, field.over) !== 0
  }

  is(thread: number, which: keyof typeof status): boolean {
    return at(this.control, ofThread(thread, 'status')) === status[which]
  }

  setStatus(thread: number, which: keyof typeof status): void {
    this.control[ofThread(thread, 'status')] = status[which]
  }

  /** The explorer gives the first turn, and waits until every thread has left the run. */
  begin(): void {
    this.#wake(this.#decide(nobody, 'open'))
  }

  /** Stops until it is this thread's turn again. Throws `runOver` if there is none. */
  pass(thread: number, stop: Stop): void {
    if (this.over || this.is(thread, 'dead')) throw runOver
    const next = this.#decide(thread, stop)
    if (next === thread) return
    this.#wake(next)
    if (this.over || this.is(thread, 'dead')) throw runOver
    this.sleep(thread)
  }

  sleep(thread: number): void {
    const turn = ofThread(thread, 'turn')
    // A late notification of an earlier turn wakes too: only the word counts.
    while (Atomics.load(this.control, turn) === 0) Atomics.wait(this.control, turn, 0)
    Atomics.store(this.control, turn, 0)
    if (this.over || this.is(thread, 'dead')) throw runOver
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
    const isCalm = stop === 'calm' || (stop === 'alone' && !this.#isMortal(thread))
    if (thread !== nobody && isCalm) return thread
    for (;;) {
      const can = this.#runnable()
      if (can === 0) {
        if (this.#allFinished()) return this.#over('finished')
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
    if (this.#isEarly()) return action.run(current !== nobody ? current : lowest(able))
    const alone = stop === 'alone' && current !== nobody
    const can = alone ? 1 << current : able
    const kill = at(this.control, field.kills) > 0 ? this.#killable(current, stop) : 0
    const timeout = !alone && at(this.control, field.timeouts) > 0 ? this.#impatient() : 0
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
      chosen = this.#random(usual, can, kill, timeout)
    } else if (at(this.control, field.pruning) !== 0 && this.#isKnown(current)) {
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

  #random(usual: number, can: number, kill: number, timeout: number): number {
    const draw = (below: number): number => {
      const next = nextRandom(at(this.control, field.random))
      this.control[field.random] = next
      return (next >>> 1) % below
    }
    const oneOf = (mask: number): number => {
      const threads = [0, 1, 2, 3, 4, 5, 6, 7].filter((thread) => (mask & (1 << thread)) !== 0)
      return threads[draw(threads.length)] ?? 0
    }
    const luck = draw(64)
    if (luck < 2 && kill !== 0) return action.kill(oneOf(kill))
    if (luck < 6 && timeout !== 0) return action.timeout(oneOf(timeout))
    return luck < 24 ? action.run(oneOf(can)) : usual
  }

  #runnable(): number {
    let mask = 0
    for (let thread = 0; thread < at(this.control, field.threads); thread++) {
      if (this.is(thread, 'dead')) continue
      if (this.is(thread, 'ready') || this.#woken(thread)) mask |= 1 << thread
    }
    return mask
  }

  /** Before the meeting: one thread after the other, as if each were alone. */
  #isEarly(): boolean {
    if (at(this.control, field.meets) === 0) return false
    return at(this.control, field.met) < at(this.control, field.threads)
  }

  #isMortal(thread: number): boolean {
    return (
      at(this.control, field.kills) > 0 && (at(this.control, field.mortal) & (1 << thread)) !== 0
    )
  }

  /** It waits no more, or its event loop has something to do. */
  #woken(thread: number): boolean {
    if (this.is(thread, 'meeting')) {
      return at(this.control, field.met) === at(this.control, field.threads)
    }
    const blocked = this.is(thread, 'blocked')
    if (!blocked && this.nextDeath(thread) !== nobody) return true
    return this.waiters.hasEnded(thread, blocked)
  }

  /** A death that this thread watches for and was not told yet; -1 if there is none. */
  nextDeath(thread: number): number {
    const untold =
      at(this.control, ofThread(thread, 'watches')) & ~at(this.control, ofThread(thread, 'told'))
    for (let other = 0; other < at(this.control, field.threads); other++) {
      if ((untold & (1 << other)) === 0) continue
      if (this.is(other, 'dead') || at(this.control, ofThread(other, 'gone')) !== 0) return other
    }
    return nobody
  }

  /** Who stands still anyway dies there too; who could run dies when its turn comes. */
  #killable(current: number, stop: Stop): number {
    let mask = 0
    for (let thread = 0; thread < at(this.control, field.threads); thread++) {
      if ((at(this.control, field.mortal) & (1 << thread)) === 0) continue
      const still = this.is(thread, 'blocked') || this.is(thread, 'parked')
      if (thread === current ? stop !== 'harmless' : still && stop !== 'alone') mask |= 1 << thread
    }
    return mask
  }

  #impatient(): number {
    let mask = 0
    for (let thread = 0; thread < at(this.control, field.threads); thread++) {
      if (this.is(thread, 'ready')) continue
      const place = this.waiters.earliest(thread)
      if (place >= 0 && this.#isNear(place)) mask |= 1 << thread
    }
    return mask
  }

  #kill(thread: number): void {
    this.#spend(field.kills)
    this.setStatus(thread, 'dead')
    this.waiters.removeWhere((waiter) => waiter.thread === thread)
    this.onKill(thread)
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
    const asleep = this.waiters.find(
      (each) => each.kind !== waiting.timer && at(this.memory, each.index) !== each.value,
    )
    if (asleep >= 0 && this.#deathsAreTold()) return 'lost wake-up'
    const place = this.waiters.earliest(undefined)
    if (place < 0) return 'deadlock'
    if (!this.#isNear(place)) return 'deadlock'
    const forced = at(this.control, field.forced)
    this.control[field.forced] = forced + 1
    if (forced > mostForcedTimeouts) return 'endless'
    this.#expire(place)
    return undefined
  }

  #isNear(place: number): boolean {
    return this.waiters.read(place, 'due') - at(this.control, field.clock) <= patience
  }

  /** A wake-up may die with who was woken: somebody must first be told of the death. */
  #deathsAreTold(): boolean {
    let told = 0
    let dead = 0
    for (let thread = 0; thread < at(this.control, field.threads); thread++) {
      if (this.is(thread, 'dead')) dead |= 1 << thread
      else told |= at(this.control, ofThread(thread, 'told'))
    }
    return (dead & ~told) === 0
  }

  #allFinished(): boolean {
    for (let thread = 0; thread < at(this.control, field.threads); thread++) {
      if (!this.is(thread, 'dead') && at(this.control, ofThread(thread, 'finished')) === 0) {
        return false
      }
    }
    return true
  }

  #isKnown(current: number): boolean {
    let first = at(this.control, field.memoryLow)
    let second = at(this.control, field.memoryHigh)
    const mix = (value: number) => {
      first = low(first, value)
      second = high(second, value)
    }
    mix(current)
    for (const each of stateFields) mix(at(this.control, each))
    for (let thread = 0; thread < at(this.control, field.threads); thread++) {
      const dead = this.is(thread, 'dead')
      for (const name of dead ? deadFields : threadFields) {
        mix(at(this.control, ofThread(thread, name)))
      }
    }
    for (let place = 0; place < this.waiters.count; place++) {
      for (const name of waiterFields) mix(this.waiters.read(place, name))
    }
    return this.known.visit(first, second, at(this.control, field.preemptions))
  }
}

const stateFields = [field.clock, field.kills, field.timeouts, field.notedLow, field.notedHigh]
function lowest(mask: number): number {
  return 31 - Math.clz32(mask & -mask)
}

const waiterFields = ['thread', 'index', 'due', 'id', 'state'] as const
const deadFields = ['status', 'gone'] as const
const threadFields = [
  'status',
  'pastLow',
  'pastHigh',
  'finished',
  'gone',
  'watches',
  'told',
] as const

/** When a wait that begins now ends by itself. */
export function dueAfter(now: number, timeout: number): number {
  return timeout === Number.POSITIVE_INFINITY ? never : now + Math.ceil(timeout)
}
