/**
 * Web Locks: one queue for everybody, strictly in the order of arrival. Only the first in the
 * queue can be let in, so neighbours that go together are let in together, and one that has
 * to wait stops everyone behind it.
 */

import type { SectionMode } from '../../scenario/scenario'
import { type Algorithm, type Effect, type Holder, type Line, modeOf, share } from '../algorithm'
import type { OperationId, ThreadId } from '../types'
import { registers, wait } from './web-locks-fifo-view'
import * as tell from './web-locks-fifo-words'

export interface QueueMemory {
  readonly held: readonly Holder[]
  readonly queue: readonly Holder[]
}

/** Lets the front of the queue in, as long as it goes together with everyone inside. */
function letIn({ held, queue }: QueueMemory): QueueMemory {
  const [first, ...rest] = queue
  if (!first || !held.every(({ mode }) => share(mode, first.mode))) return { held, queue }
  return letIn({ held: [...held, first], queue: rest })
}

function process(memory: QueueMemory): Effect<QueueMemory> {
  const after = letIn(memory)
  return { memory: after, wake: after.held.slice(memory.held.length).map(({ thread }) => thread) }
}

const isHeld = ({ held }: QueueMemory, thread: ThreadId, mode: SectionMode) =>
  held.some((holder) => holder.thread === thread && holder.mode === mode)

function acquire(operation: OperationId): readonly Line<QueueMemory>[] {
  const mode = modeOf(operation)
  return [
    {
      text: 'join the queue',
      note: mode === 'read' ? 'shared' : 'exclusive',
      indent: 0,
      local: false,
      run: ({ held, queue }, thread) => ({ memory: { held, queue: [...queue, { thread, mode }] } }),
      say: tell.joins,
    },
    {
      text: 'while the first goes with all inside: let it in',
      indent: 0,
      local: false,
      run: process,
      say: tell.processes,
    },
    {
      text: 'wait to be let in',
      indent: 0,
      local: false,
      run: (memory, thread) => (isHeld(memory, thread, mode) ? {} : { park: 'queue' }),
      say: tell.waits,
    },
    {
      text: '',
      note: `the ${mode} lock is held`,
      indent: 0,
      local: true,
      run: () => ({ end: 'granted' }),
      say: tell.holds(mode),
    },
  ]
}

function release(operation: OperationId): readonly Line<QueueMemory>[] {
  const mode = modeOf(operation)
  return [
    {
      text: 'leave',
      indent: 0,
      local: false,
      run({ held, queue }, thread) {
        const at = held.findIndex((holder) => holder.thread === thread && holder.mode === mode)
        return { memory: { held: held.toSpliced(at, 1), queue } }
      },
      say: tell.leaves,
    },
    {
      text: 'while the first goes with all inside: let it in',
      indent: 0,
      local: false,
      run: (memory) => ({ ...process(memory), end: 'released' }),
      say: tell.processes,
    },
  ]
}

function attempt(operation: OperationId): readonly Line<QueueMemory>[] {
  const mode = modeOf(operation)
  return [
    {
      text: 'if nobody queues and all inside go with it: go in',
      note: 'one step',
      indent: 0,
      local: false,
      run({ held, queue }, thread) {
        const free = queue.length === 0 && held.every((holder) => share(holder.mode, mode))
        if (!free) return { go: 1 }
        return { memory: { held: [...held, { thread, mode }], queue }, go: 2 }
      },
      say: tell.tries,
    },
    {
      text: '',
      note: 'refused',
      indent: 1,
      local: true,
      run: () => ({ end: 'refused' }),
      say: tell.isRefused,
    },
    {
      text: '',
      note: `the ${mode} lock is held`,
      indent: 0,
      local: true,
      run: () => ({ end: 'granted' }),
      say: tell.holds(mode),
    },
  ]
}

export const webLocksFifo: Algorithm<QueueMemory> = {
  id: 'web-locks',
  title: 'Web Locks · FIFO',
  about:
    'Everybody stands in one queue and is served in the order of arrival: nobody starves, and readers share only with their neighbours in the queue.',
  memory: { held: [], queue: [] },
  registers,
  wait,
  operations: {
    RLock: acquire('RLock'),
    RUnlock: release('RUnlock'),
    Lock: acquire('Lock'),
    Unlock: release('Unlock'),
    TryRLock: attempt('TryRLock'),
    TryLock: attempt('TryLock'),
  },
}
