/** The queue from inside, and what stands before each request in it. */

import { type Holder, share, type Wait } from '../algorithm'
import { heldBy, threadsView } from '../registers'
import { count } from '../sentence'
import type { RegisterView, ThreadId } from '../types'
import type { QueueMemory } from './web-locks-fifo'

export function registers(memory: QueueMemory, holders: readonly Holder[]): RegisterView[] {
  const queued = memory.queue.map(
    ({ thread, mode }) => ({ thread, kind: 'waiting', text: `${thread} · ${mode}` }) as const,
  )
  return [threadsView('queue', queued, queueNote(memory)), heldBy(holders)]
}

function queueNote({ queue }: QueueMemory): string {
  return queue.length === 0 ? 'empty' : 'in the order of arrival'
}

/** Behind the nearest one before it that it cannot share with; else behind who is inside. */
export function wait({ held, queue }: QueueMemory, thread: ThreadId): Wait {
  const at = queue.findIndex((waiter) => waiter.thread === thread)
  const own = queue[at]
  if (!own) return { for: [], label: 'let in' }
  const clashes = ({ mode }: Holder) => !share(mode, own.mode)
  const before = queue.slice(0, at).findLast(clashes)
  if (before) return { for: [before.thread], label: `queued behind ${before.thread}` }
  const inside = held.filter(clashes)
  const threads = [...new Set(inside.map((holder) => holder.thread))]
  const writer = inside.find(({ mode }) => mode === 'write')
  const label = writer
    ? `waiting for ${writer.thread}`
    : `waiting for ${count(inside.length, 'reader')}`
  return { for: threads, label }
}
