import { describe, expect, it } from 'vitest'
import type { HostedThread } from '../../perform'
import { aboutOf, doingOf, titleOf } from './words'

const doing = (last: HostedThread['last']) => doingOf({ name: 'B', last })
const mark = { thread: 1, time: 0, locks: ['a', 'b'], mode: 'mutex' } as const

describe('a second tab says', () => {
  it('what each of its threads is at', () => {
    const told = [
      doing(undefined),
      doing({ type: 'ready' }),
      doing({ type: 'mark', mark: { ...mark, kind: 'asks' } }),
      doing({ type: 'mark', mark: { ...mark, kind: 'has', locks: ['r'], mode: 'read' } }),
      doing({ type: 'mark', mark: { ...mark, kind: 'gives' } }),
      doing({
        type: 'mark',
        mark: { thread: 1, time: 0, kind: 'stores', name: 'hits', value: 1 },
      }),
      doing({ type: 'end', end: { thread: 1, time: 0, kind: 'done' } }),
      doing({ type: 'failed', message: 'no script' }),
    ]
    expect(told).toEqual([
      'its worker starts',
      'is ready',
      'waits for a and b',
      'has r to read',
      'gave a and b back',
      'stored hits = 1',
      'came to its end',
      'failed: no script',
    ])
  })

  it('how a thread that detection caught has ended', () => {
    const error = { name: 'DeadlockError', message: '' }
    const end = { thread: 1, time: 0, kind: 'victim', error } as const
    expect(doing({ type: 'end', end })).toBe('its wait was rejected with DeadlockError')
  })

  it('what it is there for', () => {
    const threads = [{ name: 'B', last: undefined }]
    expect(aboutOf({ kind: 'playing', title: 'AB–BA', threads })).toContain(
      'Here a worker plays B of “AB–BA”.',
    )
    expect(aboutOf({ kind: 'playing', title: '', threads })).toContain('plays B of a program.')
    const working = { kind: 'working', title: 'Convoy' } as const
    expect(titleOf(working)).toBe('A tab of a workload')
    expect(titleOf({ kind: 'greeted' })).toBe('The second tab of a run')
    expect(aboutOf(working)).toContain('A worker of this tab takes part in “Convoy”')
    expect(aboutOf({ ...working, title: '' })).toContain('takes part in a workload')
    expect(aboutOf({ kind: 'alone' })).toContain('You can close it.')
  })
})
