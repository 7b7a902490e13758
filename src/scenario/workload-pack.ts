/**
 * A workload as few characters that are safe in an address, and back. As with scenarios, the work is
 * linear in the length, and what does not read back as itself is refused.
 *
 * The packed text is the title, then a line for each part, the parts of a part between commas:
 *
 *     Convoy
 *     6,0,1            workers, tabs, tasks
 *     1,0,0            keys, hot, reads
 *     f5 / b2,100,0.01 / e25      how long reads hold, writes hold, runners think: a line each
 *     m,origin,strict  the lock
 *     t5000            the end
 *     1                the seed
 */

import { packText, unpackText } from './packed-text'
import type { Spread, Workload, WorkloadEnd, WorkloadLock } from './workload'
import { assertWorkload } from './workload-limits'

export function packWorkload(workload: Workload): string {
  const { title, workers, tabs, tasks, keys, hot, reads, lock, end, seed } = workload
  const { readHold, writeHold, think } = workload
  const lines = [
    title,
    [workers, tabs, tasks].join(),
    [keys, hot, reads].join(),
    ...[readHold, writeHold, think].map(packSpread),
    packLock(lock),
    packEnd(end),
    seed,
  ]
  return packText(lines.join('\n'))
}

/** `undefined` for whatever `packWorkload` does not make. */
export function unpackWorkload(packed: string): Workload | undefined {
  try {
    const [title = '', who = '', what = '', ...rest] = unpackText(packed).split('\n')
    const [readHold = '', writeHold = '', think = '', lock = '', end = '', seed = ''] = rest
    const [workers = 0, tabs = 0, tasks = 0] = numbers(who)
    const [keys = 0, hot = 0, reads = 0] = numbers(what)
    const workload: Workload = {
      title,
      workers,
      tabs,
      tasks,
      keys,
      hot,
      reads,
      readHold: unpackSpread(readHold),
      writeHold: unpackSpread(writeHold),
      think: unpackSpread(think),
      lock: unpackLock(lock),
      end: unpackEnd(end),
      seed: Number(seed),
    }
    assertWorkload(workload)
    return packWorkload(workload) === packed ? workload : undefined
  } catch {
    return undefined
  }
}

function numbers(text: string): readonly number[] {
  return text.split(',').map(Number)
}

function packSpread(spread: Spread): string {
  switch (spread.kind) {
    case 'fixed':
      return `f${spread.ms}`
    case 'uniform':
      return `u${spread.below}`
    case 'exponential':
      return `e${spread.mean}`
    case 'bimodal':
      return `b${[spread.short, spread.long, spread.longShare].join()}`
  }
}

function unpackSpread(text: string): Spread {
  const [first = 0, second = 0, third = 0] = numbers(text.slice(1))
  switch (text.charAt(0)) {
    case 'f':
      return { kind: 'fixed', ms: first }
    case 'u':
      return { kind: 'uniform', below: first }
    case 'e':
      return { kind: 'exponential', mean: first }
    case 'b':
      return { kind: 'bimodal', short: first, long: second, longShare: third }
    default:
      throw new RangeError(`not a packed spread: ${text}`)
  }
}

function packLock(lock: WorkloadLock): string {
  switch (lock.kind) {
    case 'mutex':
    case 'keyed-mutex':
      return [lock.kind, lock.reach, lock.fair].join()
    case 'rw-lock':
      return [lock.kind, lock.reach, lock.fair, lock.policy].join()
    case 'semaphore':
      return [lock.kind, lock.reach, lock.fair, lock.permits].join()
    default:
      return lock.kind
  }
}

/** Whatever the words are: those that are none of a lock's are refused with the whole workload. */
function unpackLock(text: string): WorkloadLock {
  const [kind, reach, fair, more] = text.split(',')
  const over = { reach, fair }
  if (kind === 'rw-lock') return { kind, policy: more, ...over } as WorkloadLock
  if (kind === 'semaphore') return { kind, permits: Number(more), ...over } as WorkloadLock
  return (reach === undefined ? { kind } : { kind, ...over }) as WorkloadLock
}

function packEnd(end: WorkloadEnd): string {
  if (end.kind === 'time') return `t${end.ms}`
  return `${end.shared === 'evenly' ? 'a' : 'v'}${end.actions}`
}

function unpackEnd(text: string): WorkloadEnd {
  const count = Number(text.slice(1))
  switch (text.charAt(0)) {
    case 't':
      return { kind: 'time', ms: count }
    case 'a':
      return { kind: 'actions', actions: count, shared: 'evenly' }
    case 'v':
      return { kind: 'actions', actions: count, shared: 'unevenly' }
    default:
      throw new RangeError(`not a packed end: ${text}`)
  }
}
