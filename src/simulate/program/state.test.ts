/** What each statement does, one step at a time. */

import fc from 'fast-check'
import { expect, describe as group, test, vi } from 'vitest'
import { smallProgram } from '../../scenario/testing/any-program'
import { parsed } from '../../scenario/testing/parsed'
import { describe } from './describe'
import { keyOf } from './key'
import { enabled, type ProgramState, playableSteps, replay, start, step } from './state'

// Thousands of states: seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

/** After these steps, each a digit. */
function after(text: string, schedule: string) {
  const states = replay(parsed(text), [...schedule].map(Number))
  const state = states.at(-1)
  if (!state) throw new Error('no state')
  return { state, ...describe(state), able: enabled(state).join('') }
}

const statuses = ({ threads }: ReturnType<typeof after>) => threads.map(({ status }) => status.kind)

group('mutex', () => {
  const two = 'thread A\nlock a\nunlock a\nthread B\nlock a\nunlock a\nthread C\nlock a\nunlock a'

  test('one inside, the others in the order of arrival', () => {
    const held = after(two, '021')
    expect(statuses(held)).toEqual(['ready', 'waiting', 'waiting'])
    expect(held.locks).toEqual([
      {
        name: 'a',
        kind: 'mutex',
        holders: [{ thread: 0, mode: 'mutex' }],
        waiters: [
          { thread: 2, mode: 'mutex' },
          { thread: 1, mode: 'mutex' },
        ],
      },
    ])
    expect(held.able).toBe('0')
  })

  test('is granted within the step of the release, in the order of arrival', () => {
    const handed = after(two, '0210')
    expect(statuses(handed)).toEqual(['done', 'waiting', 'ready'])
    expect(handed.threads[2]?.statement).toBe(1)
    expect(handed.locks[0]?.holders).toEqual([{ thread: 2, mode: 'mutex' }])
    expect(after(two, '021021').outcome).toMatchObject({ kind: 'done', waiting: [] })
  })

  test('taken twice waits for itself', () => {
    const twice = after('thread A\nlock a\nlock a', '00')
    expect(twice.cycle).toEqual({
      edges: [{ thread: 0, lock: 'a', mode: 'mutex', for: 0, because: 'holds' }],
      closedBy: 0,
    })
    expect(twice.outcome?.kind).toBe('deadlock')
  })

  test('taken twice waits for itself, whoever queues in between', () => {
    const text = 'thread A\nlock a\nlock a\nthread B\nlock a'
    const { cycle, edges, threads } = after(text, '010')
    expect(cycle).toEqual({
      edges: [{ thread: 0, lock: 'a', mode: 'mutex', for: 0, because: 'holds' }],
      closedBy: 0,
    })
    expect(edges).toContainEqual({ thread: 0, lock: 'a', mode: 'mutex', for: 1, because: 'ahead' })
    expect(threads[0]?.status).toMatchObject({ kind: 'waiting', for: [0, 1] })
  })

  test('AB–BA: the cycle, and which edge closed it', () => {
    const text = 'thread A\nlock a\nlock b\nthread B\nlock b\nlock a'
    expect(after(text, '010').cycle).toBeUndefined()
    for (const [schedule, closing] of [
      ['0101', 1],
      ['0110', 0],
    ] as const) {
      const { cycle, outcome } = after(text, schedule)
      expect(outcome).toMatchObject({ kind: 'deadlock', waiting: [0, 1] })
      expect(cycle?.edges.map(({ thread }) => thread).sort()).toEqual([0, 1])
      expect(cycle?.edges[cycle.closedBy]?.thread).toBe(closing)
    }
  })

  test('kept at the end of a thread: whoever waits is stuck, without a cycle', () => {
    const { outcome, cycle, edges } = after('thread A\nlock a\nthread B\nlock a', '01')
    expect(cycle).toBeUndefined()
    expect(edges).toEqual([{ thread: 1, lock: 'a', mode: 'mutex', for: 0, because: 'holds' }])
    expect(outcome).toMatchObject({ kind: 'stuck', waiting: [1] })
  })
})

group('reader-writer lock', () => {
  const readers = (policy: string, ...bodies: string[]) =>
    `policy ${policy}\n${bodies
      .map((body, index) => `thread T${index}\n${body.replaceAll(',', '\n')}`)
      .join('\n')}`
  const read = 'read x,unread x'
  const write = 'write x,unwrite x'

  test('readers share, a writer is alone', () => {
    expect(after(readers('go', read, read, write), '01').locks[0]?.holders).toHaveLength(2)
    expect(statuses(after(readers('go', write, read, write), '012'))).toEqual([
      'ready',
      'waiting',
      'waiting',
    ])
  })

  test('a waiting writer stops later readers', () => {
    for (const policy of ['go', 'fifo']) {
      const { edges, ...rest } = after(readers(policy, read, write, read), '012')
      expect(statuses(rest as never)).toEqual(['ready', 'waiting', 'waiting'])
      expect(edges).toEqual([
        { thread: 1, lock: 'x', mode: 'write', for: 0, because: 'holds' },
        { thread: 2, lock: 'x', mode: 'read', for: 1, because: 'ahead' },
      ])
    }
  })

  test('after a writer: all readers under go, the next in the queue under fifo', () => {
    const bodies = [write, write, read]
    expect(statuses(after(readers('go', ...bodies), '0120'))).toEqual(['done', 'waiting', 'ready'])
    expect(statuses(after(readers('fifo', ...bodies), '0120'))).toEqual([
      'done',
      'ready',
      'waiting',
    ])
  })

  test('a recursive read deadlocks only with a writer in between', () => {
    const text = readers('go', 'read x,read x,unread x,unread x', write)
    expect(after(text, '000011').outcome?.kind).toBe('done')
    const { cycle, outcome } = after(text, '010')
    expect(outcome?.kind).toBe('deadlock')
    expect(cycle).toEqual({
      edges: [
        { thread: 1, lock: 'x', mode: 'write', for: 0, because: 'holds' },
        { thread: 0, lock: 'x', mode: 'read', for: 1, because: 'ahead' },
      ],
      closedBy: 1,
    })
  })

  test('write inside read, read inside write and write inside write wait for themselves', () => {
    for (const policy of ['go', 'fifo']) {
      for (const body of ['read x,write x', 'write x,read x', 'write x,write x']) {
        const { cycle, outcome } = after(readers(policy, body), '00')
        expect(outcome?.kind, `${policy}: ${body}`).toBe('deadlock')
        expect(cycle?.edges).toHaveLength(1)
        const between = after(readers(policy, body, 'write x'), '010')
        expect(between.cycle?.edges, `${policy}: ${body}, a writer between`).toHaveLength(1)
      }
    }
  })
})

group('all', () => {
  test('takes in the order of names, keeps what it has while it waits, gives back all', () => {
    const text = 'thread A\nall b a c\nunlock all\nthread B\nlock b\nunlock b'
    const waits = after(text, '10')
    expect(
      waits.locks.map(({ name, holders }) => [name, holders.map(({ thread }) => thread)]),
    ).toEqual([
      ['b', [1]],
      ['a', [0]],
      ['c', []],
    ])
    const goesOn = after(text, '101')
    expect(goesOn.locks.every(({ holders }) => holders[0]?.thread === 0)).toBe(true)
    expect(goesOn.threads[0]?.statement).toBe(1)
    expect(after(text, '1010').locks.every(({ holders }) => holders.length === 0)).toBe(true)
  })

  test.each([
    ['lock a', /takes all though it already holds a/],
    ['lock c', /takes all though it holds c, which comes after a/],
    ['all a b', /takes all again/],
  ])('after %s is refused', (before, why) => {
    const { threads, outcome } = after(`thread A\n${before}\nall b a\n`, '00')
    expect(threads[0]?.misuse?.why).toMatch(why)
    expect(threads[0]?.misuse?.statement).toBe(1)
    expect(outcome?.kind).toBe('misuse')
  })

  test('after a lock that comes before is allowed', () => {
    expect(after('thread A\nlock A0\nall b a\nunlock all\nunlock A0', '0000').outcome?.kind).toBe(
      'done',
    )
  })
})

group('variables', () => {
  const count = 'n = hits\nhits = n + 1'

  test('load and store are two steps: an update can be lost', () => {
    const text = `var hits = 0\nthread A\n${count}\nthread B\n${count}`
    expect(after(text, '0011').outcome).toMatchObject({ kind: 'done', variables: [2] })
    expect(after(text, '0101').outcome).toMatchObject({ kind: 'lost-update', variables: [1] })
    expect(after(text, '0').threads[0]?.locals).toEqual([{ name: 'n', value: 0 }])
    expect(after(text, '0').threads[1]?.locals).toEqual([{ name: 'n', value: undefined }])
  })

  test('what some serial order leaves is no loss', () => {
    const text = 'var x = 5\nthread A\nx = 1\nthread B\nn = x\nx = n - 2'
    expect(after(text, '011').outcome).toMatchObject({ kind: 'done', variables: [-1] })
    expect(after(text, '110').outcome).toMatchObject({ kind: 'done', variables: [1] })
    expect(after(text, '101').outcome).toMatchObject({ kind: 'lost-update', variables: [3] })
  })
})

group('throw and defer', () => {
  test('what is deferred runs at the end, the last one first', () => {
    const text = 'thread A\nlock a\ndefer unlock a\nlock b\ndefer unlock b\nsleep 5'
    const end = after(text, '0000')
    expect(end.threads[0]).toMatchObject({ phase: 'returning', statement: 3, deferred: [1, 3] })
    const one = after(text, '00000')
    expect(one.locks.map(({ holders }) => holders.length)).toEqual([1, 0])
    expect(after(text, '000000').outcome?.kind).toBe('done')
  })

  test('a throw ends the thread; what it deferred still runs, what follows does not', () => {
    const text = 'thread A\nlock a\ndefer unlock a\nthrow\nlock b'
    expect(statuses(after(text, '000'))).toEqual(['ready'])
    const end = after(text, '0000')
    expect(statuses(end)).toEqual(['threw'])
    expect(end.outcome).toMatchObject({ kind: 'done', threw: [0] })
    expect(
      after('thread A\nlock a\nthrow\nunlock a\nthread B\nlock a', '001').outcome,
    ).toMatchObject({ kind: 'stuck', waiting: [1], threw: [0] })
  })

  test('deferred before it was locked: misuse', () => {
    const { outcome } = after('thread A\ndefer unlock a\nthrow\nlock a', '000')
    expect(outcome).toMatchObject({
      kind: 'misuse',
      misuses: [{ thread: 0, statement: 0, why: 'unlocks a, which it does not hold' }],
    })
  })
})

test.each([
  ['unlock a', 'unlocks a, which it does not hold'],
  ['unread x', 'unreads x, which it does not hold'],
  ['unwrite x', 'unwrites x, which it does not hold'],
  ['read x\nunwrite x', 'unwrites x, which it does not hold'],
  ['unlock all', 'unlocks all, but holds no locks from an all'],
])('misuse ends the thread: %j', (body, why) => {
  const steps = body.split('\n').length
  const { outcome, threads } = after(`thread A\n${body}\nlock b`, '0'.repeat(steps))
  expect(outcome).toMatchObject({ kind: 'misuse', misuses: [{ statement: steps - 1, why }] })
  expect(threads[0]?.status).toEqual({ kind: 'crashed', statement: steps - 1, why })
})

test('another thread’s lock is not one’s own to give back', () => {
  const { outcome } = after('thread A\nlock a\nthread B\nunlock a', '01')
  expect(outcome?.misuses[0]?.why).toBe('unlocks a, which A holds')
})

test('after a misuse the others go on, and what it held stays held', () => {
  const text = 'thread A\nlock a\nunlock b\nthread B\nlock a\nthread C\nlock b\nunlock b'
  const { able, outcome } = after(text, '0102')
  expect(able).toBe('2')
  expect(outcome).toBeUndefined()
  expect(after(text, '01022').outcome).toMatchObject({ kind: 'misuse', waiting: [1] })
})

test('sleeps are no steps, wherever they stand', () => {
  const text =
    'thread A\nsleep 1\nlock a\nsleep 1..5\nsleep 2\nunlock a\nsleep 1\nthread B\nsleep 1'
  const first = after(text, '')
  expect(first.threads.map(({ statement }) => statement)).toEqual([1, undefined])
  expect(after(text, '00').outcome?.kind).toBe('done')
})

test('a thread that cannot go on cannot be stepped, and states are left as they were', () => {
  const first = start(parsed('thread A\nlock a\nlock a\nthread B\nlock a'))
  const before = JSON.stringify(first)
  const held = step(step(first, 0), 0)
  expect(JSON.stringify(first)).toBe(before)
  expect(() => step(held, 0)).toThrow('thread 0 cannot take a step')
  expect(() => step(held, 7)).toThrow(RangeError)
  expect(playableSteps(first.plan.program, [0, 0, 0, 1])).toBe(2)
  expect(playableSteps(first.plan.program, [0, 0, 1])).toBe(3)
})

test('one release can close a cycle: two whom it lets in go on and wait again', () => {
  const text = `thread X
  all p q
  unlock all
thread T
  all p r
thread U
  all q s
thread Y
  lock r
  lock q
thread Z
  lock s
  lock p`
  expect(after(text, '0341234').cycle).toBeUndefined()
  const { cycle, outcome } = after(text, '03412340')
  expect(outcome?.kind).toBe('deadlock')
  expect(cycle?.edges.map(({ thread }) => thread).sort()).toEqual([1, 2, 3, 4])
  expect([1, 2]).toContain(cycle?.edges[cycle.closedBy]?.thread)
})

/** What the thread has loaded and will store. */
function stillStored({ plan, threads }: ProgramState, index: number): readonly unknown[] {
  const { at = 0, phase, locals = [] } = threads[index] ?? {}
  const rest = plan.program.threads[index]?.statements.slice(at) ?? []
  return locals.map((value, local) => {
    const name = plan.threads[index]?.locals[local]
    const next = rest.find(
      (each) =>
        (each.kind === 'load' && each.local === name) ||
        (each.kind === 'store' && each.value.local === name),
    )
    return phase === 'running' && next?.kind === 'store' ? value : 'no matter'
  })
}

test('states have one key exactly when they are alike', () => {
  const drawn = fc.tuple(smallProgram({ threads: 3, statements: 5 }), fc.array(fc.nat()))
  fc.assert(
    fc.property(drawn, ([program, choices]) => {
      const keys = new Map<string, string>()
      const states = new Map<string, string>()
      for (let walk = 0; walk < 20; walk++) {
        let state = start(program)
        for (let able = enabled(state); able.length > 0; able = enabled(state)) {
          const choice = (choices[(state.steps * 7 + walk) % choices.length] ?? 0) + walk
          state = step(state, able[choice % able.length] ?? 0)
          const { threads, locks, shared } = state
          const whole = JSON.stringify({
            // How it came about: when a wait began, and who held what when it was given back.
            threads: threads.map((each, index) => ({
              ...each,
              since: 0,
              locals: stillStored(state, index),
              misuse: each.misuse?.statement ?? -1,
            })),
            locks,
            shared,
          })
          const key = keyOf(state)
          expect(keys.get(whole) ?? key).toBe(key)
          expect(states.get(key) ?? whole).toBe(whole)
          keys.set(whole, key)
          states.set(key, whole)
        }
      }
    }),
    { verbose: true, numRuns: 100 },
  )
})
