/** The page's end of one participant's worker: orders, answers, and what it tells by itself. */

import type { DeedKind, FromActor, InputOf, Order, OutputOf, ToActor } from './protocol'

/** An order that was not carried out: `name` is that of the error there. */
export class OrderError extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message)
  }
}

interface Open {
  readonly resolve: (output: unknown) => void
  readonly reject: (error: Error) => void
}

export class ActorLink {
  readonly #send: (message: ToActor) => void
  readonly #open = new Map<number, Open>()
  #last = 0

  constructor(send: (message: ToActor) => void) {
    this.#send = send
  }

  /** Rejects with an `OrderError`: what went wrong there, or `gone`. */
  order<Kind extends DeedKind>(kind: Kind, input: InputOf<Kind>): Promise<OutputOf<Kind>> {
    const id = ++this.#last
    return new Promise<OutputOf<Kind>>((resolve, reject) => {
      this.#open.set(id, { resolve: resolve as Open['resolve'], reject })
      this.#send({ type: 'order', id, kind, input } as Order)
    })
  }

  stop(): void {
    this.#send({ type: 'stop' })
  }

  hear(message: FromActor): void {
    if (message.type !== 'did' && message.type !== 'refused') return
    const open = this.#open.get(message.id)
    this.#open.delete(message.id)
    if (message.type === 'did') open?.resolve(message.output)
    else open?.reject(new OrderError(message.name, message.why))
  }

  /** Nobody answers any more. */
  end(why: string): void {
    for (const { reject } of this.#open.values()) reject(new OrderError('gone', why))
    this.#open.clear()
  }
}
