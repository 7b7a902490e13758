/** Where each thread is in its listing: pure. */

import type { Statement } from '../../../scenario'
import type { Description, ThreadDescription } from '../../../simulate'
import { listOf } from '../words'

export type LineMark = 'done' | 'next' | 'waiting' | 'ahead' | 'sleep'

/** One for each statement. A release that was deferred is marked where it was registered. */
export function lineMarks(
  { status, statement, phase, misuse }: ThreadDescription,
  statements: readonly Statement[],
): readonly LineMark[] {
  const over = phase !== 'running'
  return statements.map(({ kind }, index) => {
    if (index === statement) return status.kind === 'waiting' ? 'waiting' : 'next'
    if (kind === 'sleep') return 'sleep'
    if (over) return phase === 'returning' && !misuse ? 'done' : 'ahead'
    return index < (statement ?? 0) ? 'done' : 'ahead'
  })
}

export function statusWords({ threads, edges }: Description, thread: number): string {
  const now = threads[thread]
  if (!now) return ''
  const { status } = now
  switch (status.kind) {
    case 'ready':
      return now.phase === 'running' ? 'ready' : 'runs what it registered'
    case 'waiting': {
      const own = edges.filter((edge) => edge.thread === thread)
      const names = own.map((edge) =>
        edge.for === thread ? 'itself' : (threads[edge.for]?.name ?? '?'),
      )
      return `waits for ${listOf([...new Set(names)])}`
    }
    case 'done':
      return 'has come to its end'
    case 'threw':
      return 'has thrown'
    case 'crashed':
      return `crashed: ${status.why}`
  }
}
