/**
 * A queue that stays as deep as it is: whoever was granted the lock gives it back and asks again,
 * at the end. Between measurements the holder keeps it.
 */

import type { Mechanism } from '../../src/locks'
import { locksOver } from './mechanisms'

interface Queue {
  /** Grants left of this measurement. */
  left: number
  /** What the holder waits for while there are none. */
  gate: Promise<void>
  open: () => void
  measured: () => void
}

const queues = new Map<string, Queue>()

export async function fillQueue(order: {
  readonly mechanism: Mechanism
  readonly name: string
  /** How many wait behind the holder. */
  readonly depth: number
}): Promise<void> {
  const { mechanism, name, depth } = order
  const locks = locksOver(mechanism)
  const mutex = locks.mutex(name, { fair: 'strict' })
  const queue: Queue = { left: 0, gate: Promise.resolve(), open: () => {}, measured: () => {} }
  queues.set(name, queue)
  close(queue)
  const section = async () => {
    if (queue.left === 0) {
      queue.measured()
      await queue.gate
    }
    queue.left--
  }
  const ask = async () => {
    for (;;) await mutex.run(section)
  }
  for (let i = 0; i <= depth; i++) ask()
  // Asking may take the mechanism a while; it lists whoever has got into the queue.
  for (;;) {
    const { pending } = await locks.space.ports.strict.query()
    if (pending.filter((entry) => entry.name === name).length >= depth) return
  }
}

/** @returns what a grant costs, in ms, from one to the next */
export async function drainQueue(name: string, grants: number): Promise<number> {
  const queue = queues.get(name)
  if (queue === undefined) throw new Error(`no queue '${name}'`)
  const measured = new Promise<void>((resolve) => {
    queue.measured = resolve
  })
  const { open } = queue
  close(queue)
  queue.left = grants
  const start = performance.now()
  open()
  await measured
  return (performance.now() - start) / grants
}

function close(queue: Queue): void {
  queue.gate = new Promise((resolve) => {
    queue.open = resolve
  })
}
