/** A lock that leases need beside their own: nobody's hold, and nobody's wait. */

import type { Answer, LockPort, PortRequest } from '../ports/port'

export class Errand implements PortRequest {
  readonly mode = 'exclusive'
  readonly ifAvailable = false
  slot: unknown = undefined
  grantedAt = -1
  /** Between its grant and its end. */
  held = false
  /** Resolves when it is granted, or has ended before: then it is not held. */
  readonly done: Promise<void>
  #resolve = () => {}
  #reject: (error: unknown) => void = () => {}

  constructor(
    readonly port: LockPort,
    readonly name: string,
    readonly steal = false,
  ) {
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // Not everybody waits for it.
    this.done.catch(() => {})
  }

  /** Asks for it. */
  send(): this {
    this.#hear(this.port.acquire(this))
    return this
  }

  #hear(answer: Answer): void {
    if (answer === 'granted') this.granted()
  }

  end(): void {
    const { held, port } = this
    this.held = false
    if (held) port.release(this)
    else port.cancel(this)
    this.#resolve()
  }

  granted(): void {
    this.held = true
    this.#resolve()
  }
  refused(): void {}
  failed(error: unknown): void {
    this.#reject(error)
  }
  lost(): void {
    this.held = false
  }
  describe(): undefined {}
}
