/** Sends what is recorded to somewhere else, again and again. */

import { checkFunction, checkNumber, checkObject, refuse } from '../locks/arguments'
import type { Clock } from '../locks/clock'
import { merge } from './merge'
import type { Recording } from './recording'

export interface ShipOptions {
  /** ms between two of them. Default 10,000. */
  readonly every?: number | undefined
  /**
   * Where to: a function, which may answer a promise, or an address that takes a POST of JSON. To an
   * address, the rest is sent as a beacon when the page is hidden or left. What no beacon takes, for
   * it is more than 64 kB without its events too, counts as a failure: it is lost if the page is.
   */
  readonly to: string | URL | ((recording: Recording) => unknown)
  /** Ends the shipment when it aborts. */
  readonly signal?: AbortSignal | undefined
  /** Hears of each time that sending failed; what was not sent goes with the next one. */
  readonly onError?: ((error: unknown) => void) | undefined
}

export interface Shipment extends Disposable {
  /** Whether one is under way now. */
  readonly busy: boolean
  /** How often sending has failed. */
  readonly failures: number
  readonly stopped: boolean
  /** Sends no more. What is under way is not called back. */
  stop(): void
}

/** What a shipment takes from its recorder. */
export interface Source {
  readonly clock: Clock
  /** How many events pile up at most while nothing can be sent. */
  readonly capacity: number
  /** What has been recorded since this was asked for last. */
  roll(): Recording
}

const leastEvery = 10
const mostEvery = 2 ** 31 - 1

export function ship(source: Source, options: ShipOptions): Shipment {
  checkObject('options', options)
  const { every = 10_000, to, signal, onError } = options
  checkNumber('every', every, leastEvery, mostEvery)
  const isAddress = typeof to === 'string' || to instanceof URL
  if (!isAddress && typeof to !== 'function') refuse('to', 'be a function or an address', to)
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    refuse('signal', 'be an AbortSignal', signal)
  }
  if (onError !== undefined) checkFunction('onError', onError)
  signal?.throwIfAborted()
  const send = isAddress ? (each: Recording) => post(to, each) : to
  const shipping = new Shipping(source, every, send, onError)
  if (isAddress) shipping.beacon(to)
  if (signal !== undefined) shipping.endsBy(signal)
  return shipping
}

class Shipping implements Shipment {
  readonly #source: Source
  readonly #every: number
  readonly #send: (recording: Recording) => unknown
  readonly #onError: ((error: unknown) => void) | undefined
  /** What was not sent yet, as one: however long it takes, no more than one recording piles up. */
  #rest: Recording | undefined
  #stopTimer: () => void
  readonly #undo: (() => void)[] = []
  stopped = false
  busy = false
  failures = 0

  constructor(
    source: Source,
    every: number,
    send: (recording: Recording) => unknown,
    onError: ((error: unknown) => void) | undefined,
  ) {
    this.#source = source
    this.#every = every
    this.#send = send
    this.#onError = onError
    this.#stopTimer = source.clock.after(every, () => this.#due())
  }

  #due(): void {
    this.#stopTimer = this.#source.clock.after(this.#every, () => this.#due())
    this.#pile()
    if (!this.busy) this.#go()
  }

  #pile(): void {
    const { capacity } = this.#source
    const next = this.#source.roll()
    this.#rest = this.#rest === undefined ? next : merge([this.#rest, next], { capacity })
  }

  async #go(): Promise<void> {
    const sending = this.#rest
    if (sending === undefined) return
    this.#rest = undefined
    this.busy = true
    try {
      await this.#send(sending)
    } catch (error) {
      const { capacity } = this.#source
      const rest = this.#rest as Recording | undefined
      this.#rest = rest === undefined ? sending : merge([sending, rest], { capacity })
      this.#fails(error)
    } finally {
      this.busy = false
    }
  }

  #fails(error: unknown): void {
    this.failures++
    if (this.stopped) return
    this.#onError?.(error)
  }

  /** A page that is hidden may never come back: what there is by then is sent at once. */
  beacon(to: string | URL): void {
    const { document, navigator } = globalThis as Partial<typeof globalThis>
    if (document === undefined || navigator?.sendBeacon === undefined) return
    const hide = () => {
      if (document.visibilityState !== 'hidden') return
      this.#pile()
      const rest = this.#rest as Recording
      // A beacon takes 64 kB: what counts goes before what happened.
      const { events, dropped } = rest
      const without = { ...rest, events: [], dropped: dropped + events.length }
      const sent = [rest, without].some((each) => navigator.sendBeacon(to, blobOf(each)))
      if (sent) this.#rest = undefined
      // It goes with the next one, if the page comes back.
      else this.#fails(new Error(`the rest is too much for a beacon to ${to}`))
    }
    document.addEventListener('visibilitychange', hide)
    this.#undo.push(() => document.removeEventListener('visibilitychange', hide))
  }

  endsBy(signal: AbortSignal): void {
    const stop = () => this.stop()
    signal.addEventListener('abort', stop)
    this.#undo.push(() => signal.removeEventListener('abort', stop))
  }

  stop(): void {
    this.stopped = true
    this.#stopTimer()
    for (const undo of this.#undo.splice(0)) undo()
  }

  [Symbol.dispose](): void {
    this.stop()
  }
}

function blobOf(recording: Recording): Blob {
  return new Blob([JSON.stringify(recording)], { type: 'application/json' })
}

async function post(to: string | URL, recording: Recording): Promise<void> {
  const answer = await fetch(to, { method: 'POST', body: blobOf(recording) })
  if (!answer.ok) throw new Error(`${to} answered ${answer.status} ${answer.statusText}`)
}
