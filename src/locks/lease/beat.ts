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

/** The worker: a timer as its page wants it; 0 stops it. */
const program =
  'let t;onmessage=({data})=>{clearInterval(t);if(data)t=setInterval(()=>postMessage(0),data)}'

/** For how long a worker is kept that has nothing to do, in ms: another lease may need one soon. */
const linger = 5_000

export class Beat {
  #interval = 0
  #stopTimer: (() => void) | undefined
  #worker: Worker | undefined
  #address = ''
  /** The worker has nothing to do until then. */
  #stopLinger: (() => void) | undefined
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
    this.#stopTimer = undefined
    this.#stopLinger?.()
    this.#stopLinger = undefined
    this.#worker?.postMessage(interval)
    if (interval === 0) {
      if (this.#worker === undefined) this.#end()
      else this.#stopLinger = this.clock.after(linger, () => this.#end(), letEnd)
      return
    }
    this.#arm()
    if (!began || typeof document === 'undefined') return
    document.addEventListener('visibilitychange', this)
    this.handleEvent()
  }

  /** The page is hidden, or shown again. */
  handleEvent(): void {
    if (document.visibilityState !== 'hidden') this.#dismiss()
    else if (this.#interval > 0 && !this.#alone) this.#worker ??= this.#hire()
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
      this.#address = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }))
      const worker = new Worker(this.#address)
      worker.onerror = (event) => {
        event.preventDefault()
        if (this.#worker !== worker) return
        this.#dismiss()
        this.#alone = true
      }
      worker.onmessage = () => {
        if (this.#worker === worker && this.#interval > 0) this.beat()
      }
      worker.postMessage(this.#interval)
      return worker
    } catch {
      URL.revokeObjectURL(this.#address)
      this.#alone = true
      return undefined
    }
  }

  /** The address goes with it: by then it has been fetched, or need not be. */
  #dismiss(): void {
    if (this.#worker === undefined) return
    this.#worker.terminate()
    this.#worker = undefined
    URL.revokeObjectURL(this.#address)
  }

  #end(): void {
    this.#dismiss()
    if (typeof document !== 'undefined') document.removeEventListener('visibilitychange', this)
  }
}
