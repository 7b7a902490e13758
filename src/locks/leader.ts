/**
 * One leader among the agents of a lock space: who holds the lock of that name, under a lease and
 * with a fence, for as long as it holds it.
 */

import { checkFunction, checkNumber, checkOptions, checkWait, type WaitOptions } from './arguments'
import { Entrance, type Make } from './entrance'
import type { LockLostError } from './errors'
import type { LockEventType } from './events'
import type { Hold } from './hold'
import { checkLock } from './mutex'
import { noCopy } from './no-copy'
import { waitTogether } from './patience'
import type { LossReason } from './ports/port'
import { explainSharedWait } from './questions'
import { show } from './show'
import type { Space, TaskRecord } from './space'
import { TaskHold } from './task-hold'
import { acquireOnTerms, longest, shortestLease } from './terms'

export interface LeaderOptions {
  /**
   * For how long, in ms, a leader stays leader without a sign of life. Default 60,000; at least
   * 100. One that is frozen or hangs is replaced soon after; one that dies at once, whatever it is.
   */
  readonly ttl?: number | undefined
}

export interface CampaignOptions {
  /** Gives this campaign up when it aborts: it rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined
  /**
   * The longest wait to be elected, in ms; `Infinity` by default. 0 does not wait: only where
   * nobody leads and nobody campaigns.
   */
  readonly timeout?: number | undefined
}

export type LeaderEvent =
  | { readonly type: 'elected'; readonly fence: number | undefined }
  /** It gave the leadership back: `resign()`, or its hold was released. */
  | { readonly type: 'resigned' }
  /** The leadership was taken away: its lease ran out, or the lock was stolen. */
  | { readonly type: 'lost'; readonly reason: LockLostError }

/**
 * A candidate for the leadership of `name`, and the leader once elected. At most one candidate
 * leads at a time as far as the reach goes; two candidates of one agent are two candidates.
 * Elected in the order of campaigning. A leader that dies is replaced as soon as its death is
 * proven, one that is frozen or hangs once its lease has run out.
 *
 * A leader that was frozen may believe for a moment, when it wakes up, that it still leads. So
 * what it writes should carry its `fence`, and be written through `fenced`.
 */
export interface Leader {
  readonly name: string
  /** Whether it leads now: it holds the lock, and its lease has not run out by its own clock. */
  readonly isLeader: boolean
  /** The fencing token of this leadership: higher than all before; `undefined` while not leading. */
  readonly fence: number | undefined
  /** What it leads by, while it leads. Releasing it is the same as `resign()`. */
  readonly hold: Hold | undefined
  /**
   * Waits to be elected. A leader is told at once; several campaigns of one candidate share
   * their place in the queue. After a loss, nothing campaigns by itself: campaign again.
   * @returns the hold; its `signal` aborts when the leadership is lost
   * @throws (rejects) `signal.reason`; TimeoutError, which says who leads; LockLostError if it was
   *   lost before it was told; UnsupportedError where nothing reaches far enough
   * @example
   * const leader = locks.leader('sync')
   * const hold = await leader.campaign({ timeout: 5_000 })
   * await save({ signal: hold.signal })
   * leader.resign()
   */
  campaign(options?: CampaignOptions): Promise<Hold>
  /** Gives the leadership back, at once. Nothing happens to one that does not lead. */
  resign(): void
  /**
   * Calls back when it is elected, resigns, or loses the leadership. One that throws harms
   * nobody else: its error is reported as uncaught.
   * @returns what stops it
   */
  subscribe(listener: (event: LeaderEvent) => void): () => void
}

/** A hold that tells its candidate how it ended. */
class LeaderHold extends TaskHold {
  ended: ((what: 'release' | 'lost') => void) | undefined
  /** A campaign was given it beside the election it comes from. */
  isShared = false

  override become(state: LockEventType, reason?: LossReason): void {
    super.become(state, reason)
    if (state === 'release' || state === 'lost') this.ended?.(state)
  }
}

const leaderHold: Make<LeaderHold> = (way, owner) => new LeaderHold(way, owner)

/** Whether its lease counts, by its own clock. */
function isCurrent({ terms }: LeaderHold): boolean {
  return terms?.leases().every((lease) => lease.isCurrent) ?? true
}

/** A place in the queue, for all who campaign by it. */
interface Election {
  readonly hold: Promise<LeaderHold>
  readonly withdraw: AbortController
  campaigns: number
}

export class Candidate implements Leader {
  /** First, so that structured cloning meets it before anything else. @internal */
  readonly noCopy = noCopy
  readonly name: string
  readonly #space: Space
  readonly #ttl: number | undefined
  readonly #task: TaskRecord
  readonly #entrance: Entrance<LeaderHold>
  readonly #listeners = new Set<(event: LeaderEvent) => void>()
  #hold: LeaderHold | undefined
  #election: Election | undefined

  /** @internal */
  constructor(space: Space, name: string, options: LeaderOptions | undefined) {
    checkLock(name, undefined)
    checkOptions(options)
    const ttl = options?.ttl
    if (ttl !== undefined) checkNumber('ttl', ttl, shortestLease, longest)
    space.claim(name, 'leader')
    this.name = name
    this.#space = space
    this.#ttl = ttl
    this.#task = space.newTask(space, `leader ${name}`)
    this.#entrance = new Entrance(space, this.#task, name, 'strict', 'exclusive', leaderHold)
  }

  /** Where it runs. @internal */
  get space(): Space {
    return this.#space
  }

  get isLeader(): boolean {
    return this.hold !== undefined
  }

  get hold(): Hold | undefined {
    const hold = this.#hold
    if (hold === undefined || isCurrent(hold)) return hold
    // It may have been taken meanwhile: whoever asks finds out soon.
    hold.terms?.used()
    return undefined
  }

  get fence(): number | undefined {
    return this.hold?.fence
  }

  async campaign(options: CampaignOptions = {}): Promise<Hold> {
    checkWait(options)
    const { signal, timeout } = options
    signal?.throwIfAborted()
    if (this.isLeader) return this.#share()
    const { clock } = this.#space
    const since = clock.now()
    await this.#tryRenewal(options)
    signal?.throwIfAborted()
    if (this.isLeader) return this.#share()
    this.resign()
    if (timeout === 0) return this.#elect({ timeout, signal })
    const election = this.#election ?? this.#stand()
    election.campaigns++
    const left = timeout && Math.max(0, timeout - (clock.now() - since))
    return waitTogether(
      clock,
      election.hold,
      { signal, timeout: left },
      {
        late: () => this.#late(timeout as number, election),
        leave: () => {
          if (--election.campaigns === 0) this.#withdraw(election)
        },
      },
    )
  }

  resign(): void {
    this.#hold?.end()
  }

  subscribe(callback: (event: LeaderEvent) => void): () => void {
    checkFunction('listener', callback)
    // A function of its own, so that subscribing one twice takes unsubscribing twice.
    const listener = (event: LeaderEvent) => callback(event)
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  #share(): LeaderHold {
    const hold = this.#hold as LeaderHold
    hold.isShared = true
    return hold
  }

  /** Its lease has run out, and perhaps nobody has taken it. Who gives up, gives up the wait alone. */
  async #tryRenewal(options: CampaignOptions): Promise<void> {
    const renewed = this.#hold?.renew().catch(() => {})
    if (renewed === undefined) return
    await waitTogether(this.#space.clock, renewed, options, {
      late: (timeout) => this.#late(timeout),
      leave() {},
    })
  }

  #stand(): Election {
    const withdraw = new AbortController()
    const election = { withdraw, campaigns: 0, hold: this.#elect({ signal: withdraw.signal }) }
    this.#election = election
    const over = () => this.#forget(election)
    election.hold.then(over, over)
    return election
  }

  async #elect(wait: WaitOptions): Promise<LeaderHold> {
    const lease = this.#ttl === undefined ? true : { ttl: this.#ttl }
    // What everybody gave up just after the grant is given back in its own turn: behind it we wait.
    const terms = { ...wait, lease, fence: true, reentrant: 'wait' } as const
    const hold = await acquireOnTerms(this.#entrance, terms)
    try {
      // It may have slept between the grant and now, and others have taken it.
      if (!isCurrent(hold)) await hold.renew()
      // Everybody may have given up after the grant, while the fence was minted.
      wait.signal?.throwIfAborted()
      if (!hold.isHeld) hold.close()
    } catch (error) {
      hold.end()
      throw error
    }
    this.#hold = hold
    hold.ended = (what) => this.#ended(hold, what)
    this.#tell({ type: 'elected', fence: hold.fence })
    return hold
  }

  #ended(hold: LeaderHold, what: 'release' | 'lost'): void {
    this.#hold = undefined
    const { loss } = hold.more
    if (what === 'lost' && loss !== undefined) this.#tell({ type: 'lost', reason: loss })
    else this.#tell({ type: 'resigned' })
  }

  #withdraw(election: Election): void {
    this.#forget(election)
    election.withdraw.abort()
    // It may have been elected just now: who gave up is not told, and would never resign.
    election.hold.then(
      (hold) => hold.isShared || hold.end(),
      () => {},
    )
  }

  #forget(election: Election): void {
    if (this.#election === election) this.#election = undefined
  }

  #late(timeout: number, election?: Election): Promise<never> {
    const { name } = this
    const space = this.#space
    const waiter = { name, space, toString: () => `the leadership of ${show(name)}` }
    return explainSharedWait(waiter, timeout, election?.campaigns === 1 ? this.#task : undefined)
  }

  #tell(event: LeaderEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event)
      } catch (error) {
        // As `reportError`, which Node lacks.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}
