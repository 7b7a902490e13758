/**
 * Lock cohorting (Dice, Marathe and Shavit, "Lock Cohorting", PPoPP 2012): the agent takes the
 * far lock once and passes it among its own waiters through the near one, which costs a
 * hundredth of going far each time.
 *
 * What it promises:
 * - it excludes exactly what the far lock excludes: nobody is inside without a far hold that
 *   covers him (shared for readers; an exclusive one may serve readers too);
 * - the order is exact inside the agent. Between agents, others wait at most for the budget,
 *   counted from the far grant, and for the sections that were inside by then: once it is spent
 *   nobody new is let in on that far hold;
 * - on an empty queue the far hold is kept only if the next acquisition is expected at once, and
 *   only to the next turn of the event loop (a message, not a timer that hidden tabs throttle).
 *   Where the guess was wrong and others may have waited for it, it is not made again soon.
 *   The price: a rival's `ifAvailable` may run into such a hold;
 * - a far request that nobody waits for any more is withdrawn;
 * - a far hold that is stolen makes everybody inside *lost*;
 * - `pagehide` and `freeze` drop a far hold that nobody is inside of.
 *
 * Near must reach no further than the agent. A page's far hold must not be passed to a worker,
 * whose life may be longer than the page's locks.
 */

import { type Clock, systemClock } from '../clock'
import { Member, NameCohort } from './name-cohort'
import type { Answer, LockPort, NearPort, PortRequest, PortSnapshot } from './port'
import type { Experience } from './return-forecast'
import { pageLifecycle } from './sleep'

export interface CohortOptions {
  /** How long others may be made to wait for passing the far hold on, in ms. Default 5. */
  readonly budget?: number
  readonly clock?: Clock
  /** Where `pagehide` and `freeze` are heard; default: the page's own, if there is one. */
  readonly lifecycle?: readonly EventTarget[]
}

export function cohort(near: NearPort, far: LockPort, options: CohortOptions = {}): LockPort {
  return new CohortPort(near, far, options)
}

/** The default budget, in ms: a few hundred times the cost of going far. */
export const defaultBudget = 5

export class CohortPort implements LockPort {
  readonly reach
  readonly bus
  readonly budget: number
  readonly clock: Clock
  readonly experience: Experience = new Map()
  readonly names = new Map<string, NameCohort>()
  /** The one asked for last: loops over one lock need not look it up. */
  #last: NameCohort | undefined
  #watched: NameCohort[] = []

  constructor(
    readonly near: NearPort,
    readonly far: LockPort,
    options: CohortOptions,
  ) {
    this.reach = far.reach
    this.bus = far.bus
    this.budget = options.budget ?? defaultBudget
    this.clock = options.clock ?? systemClock
    for (const target of options.lifecycle ?? pageLifecycle()) {
      for (const type of ['pagehide', 'freeze']) target.addEventListener(type, this)
    }
  }

  /** The page falls asleep. */
  handleEvent(): void {
    this.dropIdle()
  }

  /** Lets go of all far holds that linger. */
  protected dropIdle(): void {
    for (const cohort of [...this.names.values()]) cohort.dropIdle()
  }

  acquire(request: PortRequest): Answer {
    // It takes the lock from everybody, near and far: no use in queueing near first.
    if (request.steal) return this.far.acquire(request)
    const { name } = request
    const last = this.#last
    const cohort = last !== undefined && last.name === name ? last : this.#cohort(name)
    return cohort.acquire(request)
  }

  release(request: PortRequest): void {
    const member = request.slot
    if (member instanceof Member) member.cohort.release(member)
    else this.far.release(request)
  }

  cancel(request: PortRequest): void {
    const member = request.slot
    if (member instanceof Member) member.cohort.cancel(member)
    else this.far.cancel(request)
  }

  /** A request that stole is the far port's. */
  *live(): Generator<PortRequest> {
    for (const { near } of this.names.values()) {
      for (const member of near.live()) yield (member as Member).outer
    }
  }

  query(): Promise<PortSnapshot> {
    return this.far.query()
  }

  forget(cohort: NameCohort): void {
    const { name, forecast } = cohort
    if (this.names.get(name) !== cohort) return
    this.names.delete(name)
    if (this.#last === cohort) this.#last = undefined
    forecast.keep(name, this.experience)
  }

  /**
   * Has `turned` called: in the next turn of the event loop if something is kept from others by then.
   * Else there is time: to go on to another turn at once would keep a processor from the next holder.
   */
  watch(cohort: NameCohort, when: 1 | 2): void {
    const first = this.#watched.push(cohort) === 1
    if (first || when > 1) this.clock.soon(this.#turn, when > 1)
  }

  readonly #turn = (): void => {
    const watched = this.#watched
    this.#watched = []
    for (const cohort of watched) cohort.turned()
  }

  #cohort(name: string): NameCohort {
    let cohort = this.names.get(name)
    if (cohort === undefined) {
      cohort = new NameCohort(this, name)
      this.names.set(name, cohort)
    }
    this.#last = cohort
    return cohort
  }
}
