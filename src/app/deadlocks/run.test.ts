import { describe, expect, it } from 'vitest'
import { type Program, parseProgram } from '../../scenario'
import { graphOf, usesOf } from './graph/graph-of'
import { spansOf } from './lanes/spans'
import { lineMarks, statusWords } from './listing/line-marks'
import { canRun, framesOf, inTurn, runnablePart } from './run'
import { graphLines, stepWords, verdictOf } from './words'

function programOf(text: string): Program {
  const parsed = parseProgram(text)
  if (parsed.kind === 'broken') throw new Error(parsed.errors[0]?.message)
  return parsed.program
}

const crossed = programOf(`
thread A
  lock a
  lock b
  unlock b
  unlock a
thread B
  lock b
  lock a
  unlock a
  unlock b
`)

const again = programOf(`
thread Reader
  read r
  read r
  unread r
  unread r
thread Writer
  write r
  unwrite r
`)

const played = (program: Program, schedule = inTurn(program)) => framesOf(program, schedule)
const last = (program: Program, schedule = inTurn(program)) => {
  const frame = played(program, schedule).at(-1)
  if (!frame) throw new Error('no frame')
  return frame
}

describe('schedules', () => {
  it('let every thread step in turn, to the end', () => {
    expect(inTurn(crossed)).toEqual([0, 1, 0, 1])
    expect(inTurn(crossed, [0, 0])).toEqual([0, 0, 1, 0, 1, 0, 1, 1])
    expect(inTurn(again).slice(0, 3)).toEqual([0, 1, 0])
  })

  it('are cut where a program cannot follow', () => {
    expect(canRun(crossed, [0, 1, 0, 1])).toBe(true)
    expect(canRun(crossed, [0, 1, 0, 1, 0])).toBe(false)
    expect(runnablePart(crossed, [0, 1, 0, 1, 0])).toEqual([0, 1, 0, 1])
  })
})

describe('the graph', () => {
  it('marks the cycle, and the wait that closed it', () => {
    const { edges, threads } = graphOf(last(crossed))
    expect(edges).toHaveLength(4)
    expect(edges.every((edge) => edge.inCycle)).toBe(true)
    expect(threads.every((thread) => thread.inCycle)).toBe(true)
    const [closing, ...more] = edges.filter((edge) => edge.closing)
    expect(more).toEqual([])
    expect(closing).toMatchObject({ kind: 'waits', from: { kind: 'thread', index: 1 } })
  })

  it('shows that a reader waits behind a writer who waits for that reader', () => {
    const { edges } = graphOf(last(again))
    const told = edges.map(({ kind, from, to }) => [kind, from.kind, from.index, to.index])
    expect(told).toEqual([
      ['held', 'lock', 0, 0],
      ['ahead', 'lock', 0, 1],
      ['waits', 'thread', 0, 0],
      ['waits', 'thread', 1, 0],
    ])
    expect(edges.every((edge) => edge.inCycle)).toBe(true)
  })

  it('marks nothing while there is no cycle', () => {
    const frames = played(crossed)
    for (const frame of frames.slice(0, -1)) {
      expect(graphOf(frame).edges.some((edge) => edge.inCycle)).toBe(false)
    }
    expect(frames.map((frame) => graphOf(frame).edges.length)).toEqual([0, 1, 2, 3, 4])
  })

  it('knows which threads use which locks', () => {
    expect(usesOf(again)).toEqual([
      { thread: 0, lock: 0 },
      { thread: 1, lock: 0 },
    ])
    expect(usesOf(crossed)).toHaveLength(4)
  })
})

describe('the lanes', () => {
  it('hold, wait, and wait for ever from the step that closed the cycle', () => {
    const spans = spansOf(played(crossed))
    expect(spans.map(({ thread, from, to, kind }) => [thread, from, to, kind])).toEqual([
      [0, 1, 3, 'writing'],
      [0, 3, 4, 'waiting'],
      [0, 4, 5, 'deadlock'],
      [1, 2, 4, 'writing'],
      [1, 4, 5, 'deadlock'],
    ])
    expect(spans[1]).toMatchObject({ held: 'writing', labels: expect.arrayContaining(['b']) })
  })

  it('tell reading from writing', () => {
    expect(spansOf(played(again))[0]).toMatchObject({ kind: 'reading', labels: ['reads r', 'r'] })
  })

  it('never overlap in a lane', () => {
    for (const program of [crossed, again]) {
      const spans = spansOf(played(program, inTurn(program, [1])))
      for (const [index, span] of spans.entries()) {
        const before = spans[index - 1]
        expect(span.to).toBeGreaterThan(span.from)
        if (before?.thread === span.thread) expect(span.from).toBeGreaterThanOrEqual(before.to)
      }
    }
  })
})

describe('the words', () => {
  it('say which wait closed the cycle', () => {
    const frames = played(crossed)
    const [before, after] = [frames[3], frames[4]]
    if (!before || !after) throw new Error('no frames')
    expect(stepWords(crossed, before, after, 1)).toBe(
      'B asks for a, which A holds, and has to wait. Deadlock: B’s wait for a closed the cycle A → B → A.',
    )
    expect(graphLines(after).map(({ text }) => text)).toEqual([
      'A holds a and waits for b, which B holds.',
      'B holds b and waits for a, which A holds.',
      'Deadlock: B’s wait for a closed the cycle A → B → A.',
    ])
    expect(verdictOf(frames)).toEqual({
      kind: 'bad',
      text: 'Step 4. Deadlock: B’s wait for a closed the cycle A → B → A.',
    })
  })

  it('say that a reader waits behind a writer', () => {
    expect(graphLines(last(again)).map(({ text }) => text)).toContain(
      'Reader reads r and waits to read r, behind Writer, who waits for it already.',
    )
  })

  it.each([
    ['thread A\n lock a\n lock a', 'bad', 'Deadlock: A waits for itself.'],
    ['thread A\n lock a\n lock a\nthread B\n lock a', 'bad', 'Deadlock: A waits for itself.'],
    ['thread A\n lock a\nthread B\n lock a', 'bad', 'B waits for ever for a'],
    ['thread A\n unlock a', 'bad', 'Misuse at step 1: A unlocks a, which it does not hold.'],
    [
      'var hits = 0\nthread A\n n = hits\n hits = n + 1\nthread B\n n = hits\n hits = n + 1',
      'bad',
      'An update is lost: at the end hits is 1',
    ],
    ['thread A\n lock a\n defer unlock a\n throw', 'good', 'after 4 steps; A threw.'],
  ])('judge %j', (text, kind, words) => {
    const verdict = verdictOf(played(programOf(text)))
    expect(verdict?.kind).toBe(kind)
    expect(verdict?.text).toContain(words)
  })

  it('say nothing of an end that has not come', () => {
    expect(verdictOf(played(crossed, [0]))).toBeUndefined()
  })

  it('say of a grant who can go on', () => {
    const frames = played(crossed, inTurn(crossed, [0, 0]))
    const told = frames.slice(1).map((after, index) => {
      const before = frames[index]
      return before ? stepWords(crossed, before, after, inTurn(crossed, [0, 0])[index] ?? 0) : ''
    })
    expect(told.some((words) => words.includes('B, who waited, can go on.'))).toBe(true)
    expect(told.every((words) => !words.includes('undefined'))).toBe(true)
  })
})

describe('the listing', () => {
  it('marks what is done, what is next, and what is waited at', () => {
    const marks = played(crossed).map((frame) => {
      const [first] = frame.threads
      return first && lineMarks(first, crossed.threads[0]?.statements ?? [])
    })
    expect(marks[0]).toEqual(['next', 'ahead', 'ahead', 'ahead'])
    expect(marks[1]).toEqual(['done', 'next', 'ahead', 'ahead'])
    expect(marks[4]).toEqual(['done', 'waiting', 'ahead', 'ahead'])
    expect(statusWords(last(crossed), 0)).toBe('waits for B')
  })

  it('shows that a throw skips what follows, and where deferred releases run', () => {
    const program = programOf('thread A\n lock a\n defer unlock a\n throw\n unlock a')
    const marks = played(program).map((frame) => {
      const [first] = frame.threads
      return first && lineMarks(first, program.threads[0]?.statements ?? [])
    })
    expect(marks[3]).toEqual(['ahead', 'next', 'ahead', 'ahead'])
    expect(statusWords(last(program), 0)).toBe('has thrown')
  })
})
