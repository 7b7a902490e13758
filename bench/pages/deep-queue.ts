/**
 * A queue of a port that stays as deep as it is: whoever is granted the lock gives it back and
 * asks again, at the end. Measured is the port alone: what is above it is made for each waiter
 * when it asks, and to keep 10,000 promises alive costs the collector more than any grant.
 */

import type { Mechanism } from '../../src/locks'
import type { LockPort, PortRequest } from '../../src/locks/ports/port'
import { locksOver } from './mechanisms'

class Waiter implements PortRequest {
  readonly mode = 'exclusive'
  readonly ifAvailable = false
  slot: unknown = undefined
  grantedAt = -1

  constructor(
    readonly queue: Queue,
    readonly name: string,
  ) {}

  granted(): void {
    this.queue.granted(this)
  }
  refused(): void {}
  failed(error: unknown): void {
    this.queue.fail(error)
  }
  lost(): void {
    this.queue.fail(new Error('the lock was lost'))
  }
  describe(): undefined {}
}

class Queue {
  #holder: Waiter | undefined
  #wake = () => {}
  fail: (error: unknown) => void = () => {}

  constructor(readonly port: LockPort) {}

  ask(waiter: Waiter): void {
    if (this.port.acquire(waiter) === 'granted') this.granted(waiter)
  }

  granted(waiter: Waiter): void {
    this.#holder = waiter
    this.#wake()
  }

  /** Ports that grant at once are not made to wait for a promise. */
  async pass(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      const holder = this.#holder ?? (await this.#next())
      this.#holder = undefined
      this.port.release(holder)
      this.ask(holder)
    }
    if (this.#holder === undefined) await this.#next()
  }

  #next(): Promise<Waiter> {
    return new Promise((resolve, reject) => {
      this.fail = reject
      this.#wake = () => {
        this.#wake = () => {}
        if (this.#holder !== undefined) resolve(this.#holder)
      }
    })
  }
}

const queues = new Map<string, Queue>()

export async function fillQueue(order: {
  readonly mechanism: Mechanism
  readonly name: string
  /** How many wait behind the holder. */
  readonly depth: number
}): Promise<void> {
  const { mechanism, name, depth } = order
  const port = locksOver(mechanism).space.ports.strict
  const queue = new Queue(port)
  queues.set(name, queue)
  await port.ready
  for (let i = 0; i <= depth; i++) queue.ask(new Waiter(queue, name))
  // Asking may take a while: the mechanism lists who has got into the queue.
  let found = 0
  while (found < depth) {
    const { pending } = await port.query()
    found = pending.filter((entry) => entry.name === name).length
  }
}

/** @returns what a grant costs, in ms, from one to the next */
export async function drainQueue(name: string, grants: number): Promise<number> {
  const queue = queues.get(name)
  if (queue === undefined) throw new Error(`no queue '${name}'`)
  const start = performance.now()
  await queue.pass(grants)
  return (performance.now() - start) / grants
}
