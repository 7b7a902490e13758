/**
 * How things stand in a run: who can go on, who can die, who sleeps. Reads the control memory and
 * changes nothing but a thread's own status.
 */

import { at, field, ofThread, status } from './control'
import { high, low } from './hash'
import type { Known } from './known'
import type { Waiters } from './waiters'
import { waiting } from './waiters'

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

/** In virtual ms. Who sleeps longer than that relies on somebody to wake him. */
const patience = 100_000_000

export const nobody = -1

export class Situation {
  constructor(
    readonly control: Int32Array,
    readonly memory: Int32Array,
    readonly waiters: Waiters,
  ) {}

  is(thread: number, which: keyof typeof status): boolean {
    return at(this.control, ofThread(thread, 'status')) === status[which]
  }

  setStatus(thread: number, which: keyof typeof status): void {
    this.control[ofThread(thread, 'status')] = status[which]
  }

  runnable(): number {
    let mask = 0
    for (let thread = 0; thread < at(this.control, field.threads); thread++) {
      if (this.is(thread, 'dead')) continue
      if (this.is(thread, 'ready') || this.#woken(thread)) mask |= 1 << thread
    }
    return mask
  }

  /** Before the meeting: one thread after the other, as if each were alone. */
  isEarly(): boolean {
    if (at(this.control, field.meets) === 0) return false
    return at(this.control, field.met) < at(this.control, field.threads)
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
  killable(current: number, stop: Stop): number {
    let mask = 0
    for (let thread = 0; thread < at(this.control, field.threads); thread++) {
      if ((at(this.control, field.mortal) & (1 << thread)) === 0) continue
      const still = this.is(thread, 'blocked') || this.is(thread, 'parked')
      if (thread === current ? stop !== 'harmless' : still && stop !== 'alone') mask |= 1 << thread
    }
    return mask
  }

  impatient(): number {
    let mask = 0
    for (let thread = 0; thread < at(this.control, field.threads); thread++) {
      if (this.is(thread, 'ready')) continue
      const place = this.waiters.earliest(thread)
      if (place >= 0 && this.isNear(place)) mask |= 1 << thread
    }
    return mask
  }

  isMortal(thread: number): boolean {
    return (
      at(this.control, field.kills) > 0 && (at(this.control, field.mortal) & (1 << thread)) !== 0
    )
  }

  isNear(place: number): boolean {
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

  allFinished(): boolean {
    for (let thread = 0; thread < at(this.control, field.threads); thread++) {
      if (!this.is(thread, 'dead') && at(this.control, ofThread(thread, 'finished')) === 0) {
        return false
      }
    }
    return true
  }

  /** A sleeper whose word has changed, and nobody is left who could wake him. */
  hasLostWakeUp(): boolean {
    const asleep = this.waiters.find(
      (each) => each.kind !== waiting.timer && at(this.memory, each.index) !== each.value,
    )
    return asleep >= 0 && this.#deathsAreTold()
  }

  /** Whether a run was here before with as many preemptions left. */
  isKnown(known: Known, current: number): boolean {
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
    return known.visit(first, second, at(this.control, field.preemptions))
  }
}

const stateFields = [field.clock, field.kills, field.timeouts, field.notedLow, field.notedHigh]
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
