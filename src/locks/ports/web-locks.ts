/**
 * Locks over `navigator.locks`: every tab and worker of the origin, names passed through
 * unchanged, order and conflicts decided by the browser (W3C Web Locks API). Reach `origin`.
 *
 * A hold is a callback whose promise stays open. An agent that ends, however it ends, lets go
 * of what it held: the browser sees to that. A page that sleeps has not ended:
 * - what it waits for it asks for again when it wakes up, at the end of the queue: granted to it
 *   meanwhile, a lock would keep everybody out for as long as it sleeps;
 * - what it holds when it is frozen it keeps; what it holds when it goes into the back/forward cache
 *   is lost. Chromium leaves such a page its locks, and ends it when somebody asks for one; but not
 *   for who asked a moment before: he would wait until somebody else asks. (Safari lets go, too.)
 *
 * What these cannot help against is in `nudging-web-locks.ts`.
 */

import { type Clock, systemClock } from '../clock'
import { type Bus, noBus } from './bus'
import type { Answer, LockPort, PortRequest, PortSnapshot } from './port'
import { pageLifecycle } from './sleep'

/** A request on its way, then a hold. */
interface Ticket {
  state: 'asked' | 'held' | 'over'
  /** Ends the hold. */
  letGo?: () => void
  /** Withdraws the request, where the standard allows a signal. */
  readonly withdraw: AbortController
  /** Settles when the browser has let go of the request. */
  settled?: Promise<unknown>
}

export class WebLocksPort implements LockPort {
  readonly reach = 'origin'
  /**
   * In the order of asking; a granted request moves to the end, so holders stand by grant. One that
   * is put off, until the page wakes up or is admitted, has no ticket.
   */
  readonly #live = new Set<PortRequest>()
  /**
   * Holds let go of, whose release the browser has not confirmed. Asking `ifAvailable` before
   * that would run into one's own lock and answer "not available" for a free one.
   */
  readonly #leaving = new Map<string, Promise<unknown>>()
  /** Whether the browser is known to have let this agent use locks at all. */
  #admitted = false
  #admitting: Promise<void> | undefined
  #asleep = false

  constructor(
    readonly locks: LockManager,
    readonly bus: Bus = noBus,
    readonly clock: Clock = systemClock,
    lifecycle: readonly EventTarget[] = pageLifecycle(),
  ) {
    for (const target of lifecycle) {
      for (const type of ['pagehide', 'freeze', 'pageshow', 'resume']) {
        target.addEventListener(type, this)
      }
    }
  }

  acquire(request: PortRequest): Answer {
    this.#live.add(request)
    if (!this.#admitted) this.#admission()
    else if (!this.#asleep) this.#send(request)
    return 'waiting'
  }

  release(request: PortRequest): void {
    const ticket = this.#end(request, 'held')
    if (ticket === undefined) return
    const { name } = request
    const leaving = ticket.settled?.then(() => {
      if (this.#leaving.get(name) === leaving) this.#leaving.delete(name)
    })
    if (leaving !== undefined) this.#leaving.set(name, leaving)
    ticket.letGo?.()
  }

  cancel(request: PortRequest): void {
    if (request.slot === undefined) this.#live.delete(request)
    this.#end(request, 'asked')?.withdraw.abort()
  }

  *live(): Generator<PortRequest> {
    for (const held of [true, false]) {
      for (const request of this.#live) {
        if ((stateOf(request) === 'held') === held) yield request
      }
    }
  }

  /** The page falls asleep or wakes up. */
  handleEvent({ type, persisted }: PageTransitionEvent): void {
    this.#asleep = type === 'pagehide' || type === 'freeze'
    if (!this.#asleep) this.#sendAll()
    else
      for (const request of [...this.#live]) {
        const state = stateOf(request)
        if (state === 'held' && persisted) {
          this.release(request)
          request.lost('gone')
        } else if (state === 'asked' && !request.steal) {
          this.cancel(request)
          this.#live.add(request)
        }
      }
  }

  async query(): Promise<PortSnapshot> {
    // What was asked for before is listed.
    if (!this.#admitted) await this.#admission()
    // The standard has all of it, though TypeScript's declarations make it optional.
    return (await this.locks.query()) as PortSnapshot
  }

  /**
   * An agent's first requests wait for the browser's leave to use storage, each for its own, and
   * Chromium forgets to withdraw one that is aborted meanwhile: it would stay in the queue and keep
   * others out. So the first to be asked is a query, which can do no harm. The price: what this agent
   * asks the bare mechanism for in that moment goes before what it asked for here.
   */
  #admission(): Promise<void> {
    const admit = () => {
      this.#admitted = true
      this.#sendAll()
    }
    this.#admitting ??= this.locks.query().then(admit, admit)
    return this.#admitting
  }

  /** Asks for what was put off. */
  #sendAll(): void {
    if (this.#asleep || !this.#admitted) return
    for (const request of [...this.#live]) stateOf(request) ?? this.#send(request)
  }

  #send(request: PortRequest): void {
    const ticket: Ticket = { state: 'asked', withdraw: new AbortController() }
    request.slot = ticket
    const leaving = request.ifAvailable ? this.#leaving.get(request.name) : undefined
    if (leaving === undefined) this.#ask(request, ticket)
    else leaving.then(() => this.#ask(request, ticket))
  }

  #ask(request: PortRequest, ticket: Ticket): void {
    if (ticket.state === 'over') return
    const { name, mode, ifAvailable, steal = false } = request
    const signal = ifAvailable || steal ? undefined : ticket.withdraw.signal
    const options = { mode, ifAvailable, steal, signal } as LockOptions
    ticket.settled = this.locks
      .request(name, options, (lock) => this.#answered(request, ticket, lock))
      .catch((error: Error) => {
        // A withdrawn request rejects too, but is over by then.
        if (this.#end(request, 'held'))
          request.lost(error.name === 'AbortError' ? 'stolen' : 'gone')
        else if (this.#end(request, 'asked')) request.failed(error)
      })
  }

  #answered(request: PortRequest, ticket: Ticket, lock: Lock | null): object | undefined {
    if (ticket.state !== 'asked') return undefined
    if (lock === null) {
      this.#end(request, 'asked')
      request.refused()
      return undefined
    }
    return { [listening]: (letGo: () => void) => this.#granted(request, ticket, letGo) }
  }

  #granted(request: PortRequest, ticket: Ticket, letGo: () => void): void {
    if (ticket.state !== 'asked') {
      letGo()
      return
    }
    ticket.state = 'held'
    ticket.letGo = letGo
    this.#live.delete(request)
    this.#live.add(request)
    request.grantedAt = this.clock.coarse()
    request.granted()
  }

  /** Ends a request that is in this state. */
  #end(request: PortRequest, state: Ticket['state']): Ticket | undefined {
    const ticket = request.slot as Ticket | undefined
    if (ticket?.state !== state) return undefined
    ticket.state = 'over'
    request.slot = undefined
    this.#live.delete(request)
    return ticket
  }
}

export function stateOf({ slot }: PortRequest): Ticket['state'] | undefined {
  return (slot as Ticket | undefined)?.state
}

/**
 * A hold is no promise but something with a `then`, which the browser calls when it listens for
 * the end of the hold. A promise that is settled earlier, in the microtasks of the browser's
 * callback, is heard only after all of these: Chromium then kept the lock for as long as its user
 * worked on after the release.
 */
const listening = 'then'
