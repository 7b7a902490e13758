/**
 * Calls back again and again: what leases are renewed by.
 *
 * A page that is hidden for long gets its own timers as rarely as once a minute (Safari: once in
 * six), so while it is hidden a worker's timer sends it messages, which are not held back. They come
 * only when the event loop turns: a page that hangs or is frozen renews nothing. Where the page's
 * Content Security Policy refuses the worker there are the page's own timers alone.
 */

import type { Clock } from '../clock'
import { letEnd } from './let-end'

/** The worker: a timer as its page wants it. */
const program =
  'let t;onmessage=({data})=>{clearInterval(t);t=setInterval(()=>postMessage(0),data)}'

export class Beat {
  #interval = 0
  #stopTimer: (() => void) | undefined
  #worker: Worker | undefined
  /** The worker was refused. */
  #alone = false

  constructor(
    readonly clock: Clock,
    readonly beat: () => void,
  ) {}

  /** @param interval in ms; 0: not at all */
  set(interval: number): void {
    if (interval === this.#interval) return
    const began = this.#interval === 0
    this.#interval = interval
    this.#stopTimer?.()
    if (interval === 0) {
      this.#stopTimer = undefined
      this.#end()
      return
    }
    this.#arm()
    this.#worker?.postMessage(interval)
    if (!began || typeof document === 'undefined') return
    document.addEventListener('visibilitychange', this)
    this.handleEvent()
  }

  /** The page is hidden, or shown again. */
  handleEvent(): void {
    if (document.visibilityState === 'hidden' && !this.#alone) this.#worker ??= this.#hire()
  }

  #arm(): void {
    this.#stopTimer = this.clock.after(this.#interval, this.#onTimer, letEnd)
  }

  readonly #onTimer = (): void => {
    this.#arm()
    this.beat()
  }

  #hire(): Worker | undefined {
    try {
      const address = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }))
      const worker = new Worker(address)
      const retire = () => {
        worker.terminate()
        URL.revokeObjectURL(address)
        if (this.#worker !== worker) return
        this.#worker = undefined
        this.#alone = true
      }
      worker.onerror = (event) => {
        event.preventDefault()
        retire()
      }
      worker.onmessage = () => {
        URL.revokeObjectURL(address)
        if (this.#worker === worker) this.beat()
      }
      worker.postMessage(this.#interval)
      return worker
    } catch {
      this.#alone = true
      return undefined
    }
  }

  #end(): void {
    this.#worker?.terminate()
    this.#worker = undefined
    if (typeof document !== 'undefined') document.removeEventListener('visibilitychange', this)
  }
}
