import { afterEach, describe, expect, it, vi } from 'vitest'
import { createLocks } from '../../locks'
import { detectDeadlocks } from '../../locks/deadlock'
import { parseProgram } from '../../scenario'
import { playStatements } from './play-statements'
import { reportOf } from './report'
import { shareVariables, valuesOf } from './shared-variables'
import type { LockMark, Mark } from './types'

afterEach(() => {
  vi.useRealTimers()
})

let runs = 0

/** All threads as tasks of this realm; steps taken as scheduled, ten ms apart. */
async function play(text: string, schedule: readonly number[], within = 2_000) {
  const parsed = parseProgram(text)
  if (parsed.kind === 'broken') throw new Error(parsed.errors[0]?.message)
  vi.useFakeTimers()
  const locks = createLocks({ reach: 'realm', deadlock: detectDeadlocks({ after: 100 }) })
  const start = Date.now()
  const now = () => Date.now() - start
  const marks: Mark[] = []
  const end = new AbortController()
  const prefix = `run ${++runs} `
  const variables = shareVariables(parsed.program.variables)
  const playing = parsed.program.threads.map(({ name, statements }, thread) => {
    const turns = schedule.flatMap((who, step) => (who === thread ? [step * 10] : []))
    const turn = async () => {
      const due = turns.shift()
      if (due === undefined || due <= now()) return
      await new Promise((resolve) => setTimeout(resolve, due - now()))
    }
    return playStatements({
      thread,
      statements,
      task: locks.task(name),
      prefix,
      policy: 'phase-fair',
      variables,
      turn,
      now,
      tell: (mark) => marks.push(mark),
      signal: end.signal,
    }).catch((error: unknown) => `${error}`)
  })
  const settled: Awaited<(typeof playing)[number]>[] = []
  for (const [thread, each] of playing.entries()) {
    each.then((ended) => {
      settled[thread] = ended
    })
  }
  await vi.advanceTimersByTimeAsync(within)
  const ends = [...settled]
  end.abort()
  await vi.advanceTimersByTimeAsync(10)
  return { marks, ends, values: valuesOf(variables) }
}

const kinds = (ends: readonly unknown[]) =>
  ends.map((end) => (typeof end === 'object' && end !== null && 'kind' in end ? end.kind : end))

describe('a thread of a program', () => {
  it('is the victim of a deadlock, gives back what it holds, and the other goes on', async () => {
    const { ends, marks } = await play(
      'thread A\n lock a\n lock b\n unlock b\n unlock a\nthread B\n lock b\n lock a\n unlock a\n unlock b',
      [0, 1, 0, 1],
    )
    expect(kinds(ends).toSorted()).toEqual(['done', 'victim'])
    const victim = ends.findIndex((end) => typeof end === 'object' && end.kind === 'victim')
    expect(marks.filter(({ thread, kind }) => thread === victim && kind === 'gives')).toHaveLength(
      1,
    )
    const fine = marks.filter(({ thread }) => thread !== victim).map(({ kind }) => kind)
    expect(fine).toEqual(['asks', 'has', 'asks', 'has', 'gives', 'gives'])
  })

  it('reads again behind a writer, which detection finds', async () => {
    const { ends } = await play(
      'thread R\n read r\n read r\n unread r\n unread r\nthread W\n write r\n unwrite r',
      [0, 1, 0],
    )
    expect(kinds(ends).toSorted()).toEqual(['done', 'victim'])
  })

  it('is refused at once what it would wait for itself', async () => {
    const { ends } = await play('thread A\n write r\n write r', [0, 0])
    expect(ends[0]).toMatchObject({ kind: 'refused', error: { name: 'ReentrancyError' } })
  })

  it('takes all together, and comes to its end', async () => {
    const { ends, marks } = await play(
      'thread A\n all a b\n unlock all\nthread B\n all b a\n unlock all',
      [0, 1, 0, 1],
    )
    expect(kinds(ends)).toEqual(['done', 'done'])
    expect(marks.filter(({ kind }) => kind === 'has')).toHaveLength(2)
  })

  it('keeps what it forgets to unlock: the next one waits, and that is no deadlock', async () => {
    const { ends } = await play('thread A\n lock a\nthread B\n lock a\n unlock a', [0, 1])
    expect(kinds(ends)).toEqual(['done'])
  })

  it('runs what it deferred when it throws', async () => {
    const { ends, marks } = await play('thread A\n lock a\n defer unlock a\n throw\n unlock a', [])
    expect(kinds(ends)).toEqual(['threw'])
    expect(marks.map(({ kind }) => kind)).toEqual(['asks', 'has', 'gives'])
  })

  it('loses an update that another one makes between its load and its store', async () => {
    const text =
      'var hits = 0\nthread A\n n = hits\n hits = n + 1\nthread B\n n = hits\n hits = n + 1'
    const lost = await play(text, [0, 1, 0, 1])
    expect(kinds(lost.ends)).toEqual(['done', 'done'])
    expect(lost.values).toEqual([1])
    const told = lost.marks.map((mark) => 'name' in mark && [mark.kind, mark.name, mark.value])
    expect(told).toEqual([
      ['loads', 'n', 0],
      ['loads', 'n', 0],
      ['stores', 'hits', 1],
      ['stores', 'hits', 1],
    ])
    expect((await play(text, [0, 0, 1, 1])).values).toEqual([2])
  })

  it('stores a number by itself, and below 0', async () => {
    const { values } = await play('var a = 7\nvar b = -3\nthread A\n x = b\n b = x - 2\n a = 5', [])
    expect(values).toEqual([5, -5])
  })

  it('cannot give back what it does not hold', async () => {
    const { ends } = await play('thread A\n unlock a', [])
    expect(ends[0]).toContain('there is no hold for "unlock a"')
  })
})

it('a report says how long detection took, from the youngest wait', () => {
  const mark = (thread: number, time: number, kind: LockMark['kind']): Mark => ({
    thread,
    time,
    kind,
    locks: ['a'],
    mode: 'mutex',
  })
  const { detectedAfter, marks } = reportOf({
    mechanism: 'web-locks',
    tabs: [0, 0, 0],
    clockError: 0,
    latest: 0,
    marks: [mark(1, 20, 'asks'), mark(0, 10, 'asks'), mark(2, 25, 'asks'), mark(2, 30, 'has')],
    ends: [{ thread: 1, time: 520, kind: 'victim' }],
    variables: [],
    givenUpAfter: undefined,
  })
  expect(detectedAfter).toBe(500)
  expect(marks.map(({ time }) => time)).toEqual([10, 20, 25, 30])
})
