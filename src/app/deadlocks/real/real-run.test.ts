import { describe, expect, it } from 'vitest'
import type { LockMark, RealProgramRun } from '../../../perform'
import { programOf } from '../catalogue/cases'
import { agrees, judgement, realWords, type Simulated, turnsOf, whyNotReal } from './real-run'
import { durationOf, realDeeds, realSpans } from './real-spans'

const crossed = programOf(
  'thread A\n lock a\n lock b\n unlock b\n unlock a\nthread B\n lock b\n lock a\n unlock a\n unlock b',
)

const mark = (thread: number, time: number, kind: LockMark['kind'], lock: string): LockMark => ({
  thread,
  time,
  kind,
  locks: [lock],
  mode: 'mutex',
})

const caught: RealProgramRun = {
  mechanism: 'web-locks',
  tabs: [0, 0],
  clockError: 0.04,
  latest: 1.5,
  marks: [
    mark(0, 0, 'asks', 'a'),
    mark(0, 2, 'has', 'a'),
    mark(1, 100, 'asks', 'b'),
    mark(1, 102, 'has', 'b'),
    mark(0, 200, 'asks', 'b'),
    mark(1, 300, 'asks', 'a'),
    mark(1, 810, 'gives', 'b'),
    mark(0, 812, 'has', 'b'),
    mark(0, 813, 'gives', 'b'),
    mark(0, 814, 'gives', 'a'),
  ],
  ends: [
    { thread: 1, time: 809, kind: 'victim', error: { name: 'DeadlockError', message: '' } },
    { thread: 0, time: 815, kind: 'done' },
  ],
  variables: [],
  givenUpAfter: undefined,
  detectedAfter: 509,
}

const counter = programOf('var hits = 0\nthread A\n n = hits\n hits = n + 1')

const counted: RealProgramRun = {
  ...caught,
  marks: [
    { thread: 0, time: 1, kind: 'loads', name: 'n', value: 0 },
    { thread: 0, time: 101, kind: 'stores', name: 'hits', value: 1 },
  ],
  ends: [{ thread: 0, time: 102, kind: 'done' }],
  tabs: [0],
  variables: [1],
  detectedAfter: undefined,
}

describe('a real run', () => {
  it('gives each thread the turns of its own steps', () => {
    expect(turnsOf(2, [0, 1, 1, 0])).toEqual([
      [0, 300],
      [100, 200],
    ])
  })

  it('is told in words', () => {
    expect(realWords(crossed, caught)).toEqual([
      'Over Web Locks, detection found the cycle 509 ms after its last wait began: B’s wait was rejected with DeadlockError.',
      'A came to its end.',
    ])
    const stuck = { ...caught, ends: [], detectedAfter: undefined, givenUpAfter: 3000 }
    expect(realWords(crossed, stuck)).toEqual([
      'A and B still waited 3.0 s after the last step. There is no cycle, so detection finds none.',
    ])
  })

  it('in two tabs is told with who was where', () => {
    expect(realWords(crossed, { ...caught, tabs: [0, 1] })).toEqual([
      'Over Web Locks, in two tabs, detection found the cycle 509 ms after its last wait began: B’s wait was rejected with DeadlockError.',
      'A came to its end.',
      'B ran in the second tab, whose clock is known to 0.04 ms.',
    ])
  })

  it('agrees when it ends as the simulated schedule', () => {
    const ended = (kind: Simulated['kind'], ...variables: number[]) => ({ kind, variables })
    expect(agrees(caught, ended('deadlock'))).toBe(true)
    expect(agrees(caught, ended('done'))).toBe(false)
    expect(agrees({ ...caught, givenUpAfter: 3000 }, ended('deadlock'))).toBe(false)
    expect(agrees({ ...caught, ends: [], givenUpAfter: 3000 }, ended('stuck'))).toBe(true)
    expect(agrees({ ...counted, variables: [1] }, ended('lost-update', 1))).toBe(true)
    expect(agrees({ ...counted, variables: [2] }, ended('lost-update', 1))).toBe(false)
    expect(agrees({ ...counted, variables: [2] }, ended('done', 2))).toBe(true)
    expect(agrees(caught, undefined)).toBeUndefined()
    expect(judgement({ ...caught, latest: 130 }, ended('deadlock'))?.text).toBe(
      'The real run ends as the simulated one.',
    )
    expect(judgement(caught, ended('done'))?.text).toBe(
      'The real run ended otherwise than the simulated one.',
    )
    expect(judgement({ ...caught, latest: 130.4 }, ended('done'))?.text).toBe(
      'The real run ended otherwise than the simulated one: a step began 130 ms late, and steps are only 100 ms apart. Run it once more.',
    )
  })

  it('is drawn with the victim’s wait as what it was, and the other’s as a wait', () => {
    const spans = realSpans(caught, 2)
    const told = spans.map(({ thread, from, to, kind }) => [
      thread,
      Math.round(from),
      Math.round(to),
      kind,
    ])
    expect(told).toEqual([
      [0, 0, 2, 'waiting'],
      [0, 2, 200, 'writing'],
      [0, 200, 812, 'waiting'],
      [0, 812, 813, 'writing'],
      [0, 813, 814, 'writing'],
      [1, 100, 102, 'waiting'],
      [1, 102, 300, 'writing'],
      [1, 300, 809, 'deadlock'],
      [1, 809, 810, 'writing'],
    ])
    expect(spans.find(({ kind }) => kind === 'deadlock')?.held).toBe('writing')
    expect(durationOf(caught)).toBeGreaterThan(815)
  })

  it('of shared variables is told by what they are at the end, and drawn by their values', () => {
    expect(realWords(counter, counted)).toEqual(['Everybody came to an end: hits is 1.'])
    expect(realSpans(counted, 1)).toEqual([])
    expect(realDeeds(counted)).toEqual([
      { column: 1, thread: 0, text: 'n = 0' },
      { column: 101, thread: 0, text: 'hits = 1' },
    ])
  })

  it('is not offered where the library cannot do what the program does', () => {
    expect(whyNotReal(crossed, 'misuse', 'workers')).toContain('cannot be given back')
  })
})
