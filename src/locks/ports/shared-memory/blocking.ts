/** Waiting with the thread: a little spinning, then `Atomics.wait` on the node itself. */

import { UnsupportedError } from '../../errors'
import { show } from '../../show'
import type { BlockedWatch, PortRequest } from '../port'
import { KeptLock } from './kept-lock'
import { bit, header } from './layout'
import type { Entry } from './own-requests'
import type { Seat } from './seat'
import type { SharedMemoryPort } from './shared-memory'
import { full, refused } from './table'

/** How long after one grant the next one of the same name is its repetition, in ms. */
const breath = 1

export class Blocking {
  readonly #kept = new KeptLock()
  /** The name blocked for last, and when it was granted. */
  #last = ''
  #lastGrant = Number.NEGATIVE_INFINITY
  /** Others know that this agent blocks. */
  #marked: Seat | undefined
  /** What is kept will be given back in the next turn of the event loop. */
  #yields = false

  constructor(
    readonly port: SharedMemoryPort,
    readonly mayBlock: boolean,
    /** The longest sleep, in ms: whoever wakes it may have died before it did. */
    readonly slice: number,
  ) {}

  /** As `BlockingPort.acquireBlocking`. */
  acquire(request: PortRequest, timeout: number, watch?: BlockedWatch): boolean {
    const { port } = this
    const { own, spins } = port
    const seat = this.#admit(request, timeout)
    if (this.#retake(seat, request)) return true
    if (!seat.enter(spins) && !this.enter(seat, timeout)) return false
    const { name, mode, ifAvailable, steal = false } = request
    const bits = (mode === 'exclusive' ? bit.exclusive : 0) | bit.blocking
    const { table } = seat
    this.#kept.yield()
    let at = table.ask(name, bits, true, steal)
    const waits = at === refused && timeout > 0 && !ifAvailable
    const why = waits ? this.#whyNot(seat, name, timeout) : undefined
    if (waits && why === undefined) at = table.ask(name, bits, false, steal)
    seat.exit()
    port.delivery.soon(seat)

    if (why !== undefined) throw new UnsupportedError(why)
    if (at === full) throw port.capacityError()
    if (at === refused) return false
    const entry = own.add(request)
    if (at < 0) {
      own.wait(entry, -at)
      if (!this.#sleep(seat, request, -at, table.waiting(bits), timeout, watch)) {
        own.remove(entry)
        return false
      }
      // To look whether others had died may have let some move up.
      port.delivery.soon(seat)
    }
    port.hold(entry, Math.abs(at))
    if (at > 0 && mode === 'exclusive' && !steal && this.#isRepeated(request)) {
      entry.keeps = table.holding(bits)
    }
    return true
  }

  /**
   * Gives a lock back so that this thread may take it again in passing. For others it is free; in the
   * next turn of the event loop it is so altogether.
   * @returns `false` if it has to be given back in the usual way
   */
  keep(seat: Seat, entry: Entry): boolean {
    const name = entry.request?.name
    if (name === undefined || !this.#kept.keep(seat.table, entry.at, entry.keeps, name))
      return false
    if (!this.#yields) {
      this.#yields = true
      this.port.clock.soon(() => {
        this.#yields = false
        this.yield()
        // That may have let others of this agent move up.
        const { seat } = this.port
        if (seat !== undefined) this.port.delivery.now(seat)
      })
    }
    return true
  }

  /** Gives back what is kept. */
  yield(): void {
    this.#kept.yield()
  }

  /** The memory must not be touched any more. */
  forget(): void {
    this.#kept.forget()
  }

  #retake(seat: Seat, request: PortRequest): boolean {
    const { name, mode, steal = false } = request
    if (mode !== 'exclusive' || steal || this.#kept.at === 0) return false
    // Who was buried alive (its presence was taken from it) may find another one's node there.
    if (!this.port.agents.isLive(seat.own)) this.forget()
    const { at, state } = this.#kept
    if (!this.#kept.retake(name)) return false
    const entry = this.port.own.add(request)
    this.port.hold(entry, at)
    entry.keeps = state
    this.#lastGrant = request.grantedAt
    return true
  }

  #isRepeated({ name, grantedAt }: PortRequest): boolean {
    const repeated = name === this.#last && grantedAt - this.#lastGrant <= breath
    this.#last = name
    this.#lastGrant = grantedAt
    return repeated
  }

  /** Waits for the latch, with the thread if it may. @param timeout in ms */
  enter(seat: Seat, timeout: number): boolean {
    const { port } = this
    if (!this.mayBlock) return seat.enter(port.spins)
    const deadline = port.clock.now() + timeout
    for (;;) {
      const mark = seat.table.latch.markSleepers()
      if (mark !== 0) {
        const left = deadline - port.clock.now()
        if (left <= 0) return false
        if (seat.isWatcher) seat.watching.handOver()
        port.words.wait(header.latch, mark, Math.min(left, this.slice))
      }
      if (seat.enter(port.spins)) return true
    }
  }

  /** @throws UnsupportedError for what could never come to an end */
  #admit({ name }: PortRequest, timeout: number): Seat {
    const { port } = this
    if (!this.mayBlock) {
      throw new UnsupportedError(
        `this thread must not block for ${show(name)}: a window's main thread waits with 'acquire' or 'run'`,
      )
    }
    if (port.failure !== undefined) throw port.failure
    const { seat } = port
    if (seat === undefined) {
      throw new UnsupportedError(
        `this agent is not ready to block for ${show(name)}: others could not tell if it died. 'await locks.ready()' first`,
      )
    }
    if (port.isDeferred(name)) throw new UnsupportedError(inItsOwnWay(name))
    if (timeout === Number.POSITIVE_INFINITY && !seat.mayBlockForever) {
      throw new UnsupportedError(unwatched(name))
    }
    return seat
  }

  /** Why it must not begin to wait. Latch only. */
  #whyNot(seat: Seat, name: string, timeout: number): string | undefined {
    if (this.port.own.has(name)) return inItsOwnWay(name)
    const watched = timeout !== Number.POSITIVE_INFINITY || seat.watching.handOver()
    return watched ? undefined : unwatched(name)
  }

  /** @returns whether it was granted in time */
  #sleep(
    seat: Seat,
    request: PortRequest,
    at: number,
    waiting: number,
    timeout: number,
    watch: BlockedWatch | undefined,
  ): boolean {
    const { words, clock, spins } = this.port
    for (let i = 0; i < spins; i++) if (words.load(at) !== waiting) return true
    this.#mark(seat)
    const deadline = clock.now() + timeout
    while (words.load(at) === waiting) {
      const rest = watch?.(request) ?? this.slice
      const left = deadline - clock.now()
      if (left <= 0) {
        const withdrawn = seat.table.withdraw(at, waiting)
        this.port.delivery.soon(seat)
        return !withdrawn
      }
      const woken = words.wait(at, waiting, Math.min(left, rest, this.slice))
      if (woken === 'timed-out') seat.table.tidy()
    }
    return true
  }

  /** A blocked thread cannot watch: somebody else should. */
  #mark(seat: Seat): void {
    if (this.#marked !== seat) seat.markBlocking()
    this.#marked = seat
    if (seat.isWatcher) seat.watching.handOver()
  }
}

/** Whether this thread may block, as the engine has it: a window's main thread may not. */
export function threadMayBlock(): boolean {
  if (typeof SharedArrayBuffer === 'undefined') return false
  try {
    // It has another value already: answers at once, unless it throws.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0)
    return true
  } catch {
    return false
  }
}

function inItsOwnWay(name: string): string {
  return `this agent itself holds ${show(name)} or waits for it before: its thread would block what it waits for`
}

function unwatched(name: string): string {
  return `nobody watches whether the holder of ${show(name)} dies while this thread is blocked: pass a 'timeout', or have another agent, such as the page, attach to the memory first`
}
