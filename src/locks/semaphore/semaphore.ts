/** A number of permits. */

import type { Way } from '../acquisition'
import { checkNumber, type Fairness, refuse, type WaitOptions } from '../arguments'
import type { SemaphoreDescriptor } from '../descriptor'
import { Entrance, type Make } from '../entrance'
import { ReentrancyError } from '../errors'
import type { Hold } from '../hold'
import { checkLock, type LockOptions } from '../mutex'
import { noCopy } from '../no-copy'
import type { RequestInfo } from '../ports/port'
import { show } from '../show'
import type { Space, TaskRecord } from '../space'
import { TaskHold } from '../task-hold'
import { refuseTerms } from '../terms'
import { type SemaphorePort, semaphorePort } from './semaphore-port'
import type { PermitRequest } from './slot'

/** The most permits that a semaphore may have: each is a lock of its own. */
const mostPermits = 1024

export interface PermitOptions extends WaitOptions {
  /** How many permits to take: all of them at once. Default 1. */
  readonly permits?: number | undefined
}

/** Permits held together. They are given back together. */
export interface SemaphoreHold extends Hold {
  /** How many. */
  readonly permits: number
}

/**
 * A number of permits, of which never more are out than there are, as far as the `reach` goes:
 * work that may go on so many times at once. The permits of a holder that crashes come back.
 *
 * Fairness: first come, first served inside an agent; between agents see {@link LockOptions.fair}. One
 * who waits for many permits is not overtaken by others who want few: these wait behind it (as in
 * Go's `golang.org/x/sync/semaphore`). A semaphore is no lock of its holders' data, and no limit on a
 * rate. Deadlock detection does not follow waits for permits.
 *
 * @example
 * const uploads = locks.semaphore('uploads', 4)
 * await uploads.run(async (hold) => { await save({ signal: hold.signal }) })
 */
export interface Semaphore {
  readonly name: string
  /** How many there are. */
  readonly permits: number

  /**
   * Runs `callback` while holding permits; they are given back when it returns, throws, or its
   * promise settles. The callback is always called asynchronously.
   *
   * @returns what the callback returned
   * @throws what the callback threw; `signal.reason` or `TimeoutError` if the wait was given up;
   *   `LockLostError` if a permit was lost meanwhile; `ReentrancyError` if the task has so many that
   *   it would wait for itself; `RangeError` for more permits than there are, or a name in use with
   *   another number; `TypeError` for `fence`, `lease` or `maxHold`; `CapacityError` where
   *   the mechanism is full; `UnsupportedError` if nothing here reaches far enough.
   * @example
   * await locks.semaphore('uploads', 4).run(() => save(), { permits: 2, timeout: 5_000 })
   */
  run<T>(callback: (hold: SemaphoreHold) => T | PromiseLike<T>, options?: PermitOptions): Promise<T>

  /**
   * Waits for `permits`, all at once. The hold is yours to release. Rejects as `run` does.
   * @param permits default 1
   * @param options one `timeout` (ms) for the whole wait
   * @example
   * await using hold = await locks.semaphore('uploads', 4).acquire(2, { timeout: 5_000 })
   */
  acquire(permits?: number, options?: WaitOptions): Promise<SemaphoreHold>

  /**
   * Takes permits if so many are free and nobody waits for some; never waits for a holder. It may
   * answer `null` for free permits while another agent is just taking its own.
   * @param permits default 1
   */
  tryAcquire(permits?: number): Promise<SemaphoreHold | null>

  /** A plain value for other agents: `locks.from(descriptor)` is the same semaphore there. */
  descriptor(): SemaphoreDescriptor
}

export class PermitHold extends TaskHold implements SemaphoreHold, PermitRequest {
  declare readonly way: Way & { readonly carrier: Space; readonly permits: number }
  permits = 1

  get of(): number {
    return this.way.permits
  }

  override describe(): RequestInfo | undefined {
    const info = super.describe()
    return info && { ...info, permits: this.permits }
  }

  override toString(): string {
    return `${show(this.name)} (${this.permits} of ${this.of} permits)`
  }
}

const permitHold: Make<PermitHold> = (way, owner) => new PermitHold(way, owner)

/** Permits are counted, so a task may hold some and ask for more. */
const counted: WaitOptions = { reentrant: 'wait' }

class PermitEntrance extends Entrance<PermitHold> {
  #semaphores: SemaphorePort | undefined

  constructor(
    readonly space: Space,
    readonly asker: TaskRecord | undefined,
    name: string,
    fair: Fairness,
    readonly permits: number,
  ) {
    super(space, asker, name, fair, 'shared', permitHold)
  }

  override get port(): SemaphorePort {
    this.#semaphores ??= semaphorePort(this.space, this.fair)
    return this.#semaphores
  }

  override prepare(options: PermitOptions | undefined, ifAvailable: boolean): PermitHold {
    refuseTerms(options, 'a semaphore')
    const permits = options?.permits ?? 1
    checkPermits('permits', permits, this.permits)
    if (!ifAvailable && options?.reentrant !== 'wait') this.#checkTask(permits)
    // A name whose number was forgotten, where there are very many: its pool knows it.
    this.port.checkPermits(this.name, this.permits)
    const hold = super.prepare(options ? { ...options, ...counted } : counted, ifAvailable)
    hold.permits = permits
    return hold
  }

  async tryPermits(permits: number): Promise<PermitHold | null> {
    const hold = this.begin({ permits } as PermitOptions, true)
    if (hold.isWaiting) await hold.wait()
    return hold.isHeld ? hold : null
  }

  /** @throws ReentrancyError if the task has so many that there will never be enough */
  #checkTask(permits: number): void {
    const task = this.asker ?? this.space.owner
    if (task === undefined) return
    let has = 0
    for (const held of task.holds) {
      if (held.name === this.name) has += (held as PermitHold).permits
    }
    if (has + permits <= this.permits) return
    const name = show(this.name)
    throw new ReentrancyError(
      `task ${show(task.name)} has ${has} of the ${this.permits} permits of ${name} and asks for ${permits}: it would wait for itself; pass { reentrant: 'wait' } if somebody else releases them`,
    )
  }
}

export class EquippedSemaphore implements Semaphore {
  /** First, so that structured cloning meets it before anything else. @internal */
  readonly noCopy = noCopy
  readonly name: string
  readonly permits: number
  readonly #entrance: PermitEntrance

  constructor(
    space: Space,
    owner: TaskRecord | undefined,
    name: string,
    permits: number,
    options: LockOptions | undefined,
  ) {
    const fair = checkLock(name, options)
    checkPermits('permits', permits, mostPermits)
    space.claim(name, `semaphore of ${permits}`)
    this.name = name
    this.permits = permits
    this.#entrance = new PermitEntrance(space, owner, name, fair, permits)
  }

  /** Where it counts. @internal */
  get space(): Space {
    return this.#entrance.space
  }

  run<T>(
    callback: (hold: SemaphoreHold) => T | PromiseLike<T>,
    options?: PermitOptions,
  ): Promise<T> {
    return this.#entrance.run(callback, options)
  }

  acquire(permits = 1, options?: WaitOptions): Promise<SemaphoreHold> {
    return this.#entrance.acquire(withPermits(permits, options))
  }

  tryAcquire(permits = 1): Promise<SemaphoreHold | null> {
    return this.#entrance.tryPermits(permits)
  }

  descriptor(): SemaphoreDescriptor {
    const { name, permits } = this
    return { latchkey: 'semaphore', name, fair: this.#entrance.fair, permits }
  }
}

function withPermits(permits: number, options: WaitOptions | undefined): PermitOptions {
  // What are no options is refused where all options are looked at.
  const isNone = options !== undefined && (typeof options !== 'object' || options === null)
  return isNone ? (options as PermitOptions) : { ...options, permits }
}

/** @throws TypeError, RangeError for what is no number of permits */
export function checkPermits(argument: string, permits: unknown, most: number): void {
  checkNumber(argument, permits, 1, most)
  if (!Number.isInteger(permits)) refuse(argument, 'be a whole number', permits, RangeError)
}
