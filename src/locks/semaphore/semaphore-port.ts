/**
 * Semaphores over any mechanism, as their users' acquisitions see them: a port whose requests ask for
 * a number of permits. The locks that these are made of are the mechanism's.
 */

import type { Fairness } from '../arguments'
import { type Clock, systemClock } from '../clock'
import { defaultBudget } from '../ports/cohort'
import type { Answer, LockPort, PortRequest, PortSnapshot } from '../ports/port'
import type { Experience } from '../ports/return-forecast'
import { pageLifecycle } from '../ports/sleep'
import { remember } from '../remember'
import { show } from '../show'
import type { Space } from '../space'
import { Pool } from './pool'
import type { PermitRequest } from './slot'

/** How many idle names' last slots are remembered. */
const memory = 256

export interface SemaphoreOptions {
  /** Whether each acquisition has a turn of its own, and no permit is passed on. */
  readonly strict?: boolean
  /** For how long permits are passed on inside the agent, in ms. Default 5, as by a cohort. */
  readonly budget?: number
  readonly clock?: Clock
  /** The slot that this agent tries first: agents do well to begin at different ones. Default 0. */
  readonly start?: number
  /** Where `pagehide` and `freeze` are heard; default: the page's own, if there is one. */
  readonly lifecycle?: readonly EventTarget[]
}

export class SemaphorePort implements LockPort {
  readonly reach
  readonly bus
  readonly strict: boolean
  readonly budget: number
  readonly clock: Clock
  readonly start: number
  readonly experience: Experience = new Map()
  readonly favourites = new Map<string, number>()
  readonly pools = new Map<string, Pool>()
  /** The one asked for last: loops over one semaphore need not look it up. */
  #last: Pool | undefined
  #watched: Pool[] = []

  constructor(
    readonly far: LockPort,
    options: SemaphoreOptions = {},
  ) {
    this.reach = far.reach
    this.bus = far.bus
    this.strict = options.strict ?? false
    this.budget = options.budget ?? defaultBudget
    this.clock = options.clock ?? systemClock
    this.start = options.start ?? 0
    for (const target of options.lifecycle ?? pageLifecycle()) {
      for (const type of ['pagehide', 'freeze']) target.addEventListener(type, this)
    }
  }

  /** The page falls asleep. */
  handleEvent(): void {
    for (const pool of [...this.pools.values()]) pool.fallAsleep()
  }

  acquire(request: PortRequest): Answer {
    return this.#pool(request as PermitRequest).acquire(request as PermitRequest)
  }

  release(request: PortRequest): void {
    if (request.slot !== undefined) {
      this.#pool(request as PermitRequest).release(request as PermitRequest)
    }
  }

  cancel(request: PortRequest): void {
    if (request.slot !== undefined) {
      this.#pool(request as PermitRequest).cancel(request as PermitRequest)
    }
  }

  *live(): Generator<PortRequest> {
    for (const pool of this.pools.values()) yield* pool.live()
  }

  /** Before anything is asked. @throws RangeError if the name is in use with another number */
  checkPermits(name: string, of: number): void {
    const pool = this.#known(name)
    if (pool === undefined || pool.permits === of) return
    throw new RangeError(
      `${show(name)} is in use here as a semaphore of ${pool.permits} permits, not of ${of}`,
    )
  }

  query(): Promise<PortSnapshot> {
    return this.far.query()
  }

  /** Has `turned` called in the next turn of the event loop. */
  watch(pool: Pool): void {
    if (this.#watched.push(pool) === 1) this.clock.soon(this.#turn)
  }

  forget(pool: Pool, favourite: number): void {
    const { name } = pool
    if (this.pools.get(name) !== pool) return
    this.pools.delete(name)
    if (this.#last === pool) this.#last = undefined
    remember(this.favourites, name, favourite, memory)
  }

  readonly #turn = (): void => {
    const watched = this.#watched
    this.#watched = []
    for (const pool of watched) pool.turned()
  }

  #pool({ name, of }: PermitRequest): Pool {
    this.checkPermits(name, of)
    const pool = this.#known(name) ?? new Pool(this, name, of)
    this.pools.set(name, pool)
    this.#last = pool
    return pool
  }

  #known(name: string): Pool | undefined {
    const last = this.#last
    return last !== undefined && last.name === name ? last : this.pools.get(name)
  }
}

/** The semaphores of a lock space, over its mechanism. */
export function semaphorePort(space: Space, fair: Fairness): SemaphorePort {
  const { clock, agent } = space
  const far = space.ports.strict
  const start = Number.parseInt(agent, 36) || 0
  space.semaphores ??= {
    bounded: new SemaphorePort(far, { clock, start }),
    strict: new SemaphorePort(far, { clock, start, strict: true }),
  }
  return space.semaphores[fair]
}
