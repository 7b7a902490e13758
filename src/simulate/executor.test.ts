/** A run is the same every time, in both directions, and a fork keeps its past. */

import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { sevenSeconds } from '../scenario/catalogue'
import { limits } from '../scenario/limits'
import type { PolicyId, Scenario } from '../scenario/scenario'
import type { Algorithm } from './algorithm'
import { createExecutor, simulate } from './executor'
import { algorithms } from './policies'
import type { Moment, Simulation } from './types'

// A hundred runs each: seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const policyIds: readonly PolicyId[] = ['go', 'web-locks', 'readers-first', 'writers-first']
const policy = fc.constantFrom(...policyIds)
const seed = fc.oneof(fc.constant(0), fc.integer())

/** Few times and few threads, so that much falls on one instant. */
const scenario: fc.Arbitrary<Scenario> = fc
  .array(
    fc.array(
      fc.record({
        mode: fc.constantFrom('read' as const, 'write' as const),
        at: fc.integer({ min: 0, max: 6 }).map((n) => n * 500),
        hold: fc.integer({ min: 1, max: 4 }).map((n) => n * 500),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((threads) => ({
    title: 'Random',
    threads: threads.map((sections, index) => ({
      name: `T${index}`,
      sections: sections.toSorted((a, b) => a.at - b.at),
    })),
  }))

const plain = ({ fork: _, ...rest }: Simulation) => rest
/** Runs are plain data: comparing them as text first is far quicker than walking them. */
function same(actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect(actual).toEqual(expected)
}
const check = <T extends unknown[]>(property: fc.IPropertyWithHooks<T>) =>
  fc.assert(property, { verbose: true, numRuns: 100 })

describe('a run', () => {
  test('is the same every time', () => {
    check(
      fc.property(scenario, policy, seed, (s, p, n) => {
        same(plain(simulate(s, p, n)), plain(simulate(s, p, n)))
      }),
    )
  })

  test('finishes, with each section asked for, granted and released once, writers alone', () => {
    check(
      fc.property(scenario, policy, seed, (s, p, n) => {
        const run = simulate(s, p, n)
        expect(run.outcome).toEqual({ kind: 'finished' })
        let readers = 0
        let writers = 0
        for (const { type, mode } of run.events) {
          const change = type === 'grant' ? 1 : type === 'release' ? -1 : 0
          if (mode === 'shared') readers += change
          else writers += change
          expect(writers === 0 || (writers === 1 && readers === 0)).toBe(true)
        }
        for (const { name, sections } of s.threads) {
          const own = run.events.filter((event) => event.task === name)
          expect(own.map(({ type }) => type)).toEqual(
            sections.flatMap(() => ['request', 'grant', 'release']),
          )
          sections.forEach(({ at, hold }, index) => {
            const [request, grant, release] = own.slice(index * 3)
            const free = own[index * 3 - 1]?.time ?? 0
            expect(request?.time).toBe(Math.max(at, free))
            expect(release?.time).toBe((grant?.time ?? 0) + hold)
          })
        }
      }),
    )
  })

  test('has steps in the order of time, and bars that fit its events', () => {
    check(
      fc.property(scenario, policy, seed, (s, p, n) => {
        const run = simulate(s, p, n)
        run.steps.forEach((step, index) => {
          expect(step.index).toBe(index)
          expect(step.time).toBeGreaterThanOrEqual(run.steps[index - 1]?.time ?? 0)
          expect(step.story.map(({ text }) => text).join('')).toMatch(/^Second [\d.]+\. .+\.$/)
          expect(step.threads.map(({ thread }) => thread)).toEqual(s.threads.map((t) => t.name))
        })
        expect(run.duration).toBeGreaterThan(run.end)
        for (const { name } of s.threads) {
          const own = run.spans.filter(({ thread }) => thread === name)
          own.forEach((span, index) => {
            expect(span.to).toBeGreaterThan(span.from)
            expect(span.from).toBeGreaterThanOrEqual(own[index - 1]?.to ?? 0)
          })
          const held = own
            .filter(({ kind }) => kind !== 'waiting')
            .map((span) => [span.from, span.to])
          const events = run.events.filter(({ task }) => task === name)
          const grants = events.filter(({ type }) => type === 'grant').map(({ time }) => time)
          const releases = events.filter(({ type }) => type === 'release').map(({ time }) => time)
          expect(held).toEqual(grants.map((time, index) => [time, releases[index]]))
        }
      }),
    )
  })

  test('of the largest scenario is not cut', () => {
    const sections = Array.from({ length: 4 }, () => ({ mode: 'write' as const, at: 0, hold: 1 }))
    const threads = Array.from({ length: limits.threads }, (_, index) => ({
      name: `T${index}`,
      sections,
    }))
    for (const id of policyIds) {
      expect(simulate({ title: '', threads }, id, 7).outcome).toEqual({ kind: 'finished' })
    }
  })
})

describe('at one instant', () => {
  const read = { mode: 'read', at: 0, hold: 1000 } as const
  const three: Scenario = {
    title: '',
    threads: [
      { name: 'Writer 1', sections: [{ ...read, mode: 'write' }] },
      { name: 'Reader 1', sections: [read] },
      { name: 'Reader 2', sections: [{ ...read, at: 1000 }] },
    ],
  }
  const order = (run: Simulation, time: number) =>
    run.steps
      .filter((step) => step.time === time)
      .map(({ thread, operation }) => `${thread} ${operation}`)
      .filter((call, index, all) => call !== all[index - 1])

  test('threads run in the order of the scenario, the woken after them', () => {
    const run = simulate(three, 'go')
    expect(order(run, 0)).toEqual(['Writer 1 Lock', 'Reader 1 RLock'])
    expect(order(run, 1000)).toEqual(['Writer 1 Unlock', 'Reader 2 RLock', 'Reader 1 RLock'])
  })

  test('a seed interleaves their lines, each in its own way', () => {
    const orders = new Set(
      Array.from({ length: 20 }, (_, n) => order(simulate(three, 'go', n), 1000).join()),
    )
    expect(orders.size).toBeGreaterThan(5)
  })
})

describe('walking', () => {
  test('to the end and back shows the same steps', () => {
    check(
      fc.property(scenario, policy, seed, (s, p, n) => {
        const run = simulate(s, p, n)
        const executor = createExecutor(s, p, n)
        const moments: Moment[] = [executor.moment]
        while (executor.step()) moments.push(executor.moment)
        same(executor.steps, run.steps)
        expect(executor.outcome).toEqual(run.outcome)
        while (moments.length > 1) {
          moments.pop()
          const { step } = executor.moment
          same(executor.back(), run.steps[step - 1])
          expect(executor.moment).toEqual(moments.at(-1))
        }
        expect(executor.back()).toBeUndefined()
      }),
    )
  })

  test('to a time does every step up to and at it, from wherever', () => {
    check(
      fc.property(scenario, policy, fc.array(fc.nat({ max: 9000 })), (s, p, times) => {
        const { steps } = simulate(s, p)
        const executor = createExecutor(s, p)
        for (const time of times) {
          executor.seek(time)
          const step = steps.filter((each) => each.time <= time).length
          expect(executor.moment).toEqual({ time, step })
        }
      }),
    )
  })
})

describe('a fork', () => {
  const moment = fc.record({ time: fc.nat({ max: 9000 }), step: fc.nat({ max: 150 }) })

  test('that changes nothing goes on as it would have', () => {
    check(
      fc.property(scenario, policy, seed, moment, (s, p, n, at) => {
        const run = simulate(s, p, n)
        same(plain(run.fork(at, { scenario: s, policy: p })), plain(run))
      }),
    )
  })

  test('keeps its past, and its future is a sound run', () => {
    check(
      fc.property(scenario, scenario, policy, policy, seed, moment, (s, t, p, q, n, at) => {
        const run = simulate(s, p, n)
        const fork = run.fork(at, { scenario: t, policy: q })
        const kept = Math.min(at.step, run.steps.length)
        same(fork.steps.slice(0, kept), run.steps.slice(0, kept))
        expect(fork.outcome).toEqual({ kind: 'finished' })
        expect(fork.steps.slice(kept).every((step) => step.policy === q)).toBe(true)
        let inside: string[] = []
        const left = new Map(fork.scenario.threads.map((each) => [each.name, [...each.sections]]))
        for (const { type, task, mode } of fork.events) {
          if (type === 'release') inside = inside.filter((id) => id !== `${task} ${mode}`)
          if (type !== 'grant') continue
          inside.push(`${task} ${mode}`)
          expect(inside.length === 1 || inside.every((id) => id.endsWith('shared'))).toBe(true)
          const section = left.get(task)?.shift()
          expect(section?.mode).toBe(mode === 'shared' ? 'read' : 'write')
        }
        expect([...left.values()].flat()).toEqual([])
        // Nobody who has begun is lost, and nobody of the new scenario either.
        for (const { name } of t.threads) expect(left.has(name)).toBe(true)
      }),
    )
  })

  test('to another lock keeps the holder and lets the waiting ask anew', () => {
    const run = simulate(sevenSeconds.scenario, 'go')
    const executor = createExecutor(sevenSeconds.scenario, 'go')
    executor.seek(3500)
    const fork = executor.fork({ policy: 'readers-first' }).run()
    expect(fork).toMatchObject(plain(run.fork(executor.moment, { policy: 'readers-first' })))
    expect(fork.spans.map(({ thread, kind, from, to }) => [thread, kind, from, to])).toEqual([
      ['Reader 1', 'reading', 1000, 4000],
      ['Writer 1', 'waiting', 2000, 3500],
      ['Reader 2', 'waiting', 3000, 3500],
      ['Writer 1', 'waiting', 3500, 5500],
      ['Reader 2', 'reading', 3500, 5500],
      ['Writer 1', 'writing', 5500, 6500],
      ['Reader 1', 'waiting', 6000, 6500],
      ['Reader 1', 'reading', 6500, 7500],
    ])
  })

  test('may end a section earlier or later, but not in the past', () => {
    const held = (hold: number): Scenario => ({
      title: '',
      threads: [{ name: 'A', sections: [{ mode: 'read', at: 0, hold }] }],
    })
    const run = simulate(held(3000), 'go')
    const at = { time: 2000, step: 3 }
    expect(run.fork(at, { scenario: held(5000) }).end).toBe(5000)
    expect(run.fork(at, { scenario: held(1000) }).end).toBe(2000)
  })
})

describe('what cannot go on', () => {
  const forgetful: Algorithm = {
    ...algorithms.go,
    operations: {
      ...algorithms.go.operations,
      // Leaves without waking the writer that waits for it.
      RUnlock: algorithms.go.operations.RUnlock.map((line) => ({
        ...line,
        run: (...given) => ({ ...line.run(...given), wake: [] }),
      })),
    },
  }

  test('is a deadlock, told with who waits for whom', () => {
    const run = createExecutor(sevenSeconds.scenario, 'go', 0, {
      ...algorithms,
      go: forgetful,
    }).run()
    expect(run.outcome).toMatchObject({ kind: 'deadlock', time: 6000 })
    expect(run.outcome).toHaveProperty('threads', ['Writer 1', 'Reader 2', 'Reader 1'])
    expect(run.spans.at(-1)).toMatchObject({
      thread: 'Reader 1',
      kind: 'waiting',
      to: run.duration,
    })
  })

  test('is cut where it would never end', () => {
    const spinning: Algorithm = {
      ...algorithms.go,
      operations: {
        ...algorithms.go.operations,
        RLock: algorithms.go.operations.RLock.map((line) => ({ ...line, run: () => ({ go: 1 }) })),
      },
    }
    const run = createExecutor(sevenSeconds.scenario, 'go', 0, {
      ...algorithms,
      go: spinning,
    }).run()
    expect(run.outcome).toMatchObject({ kind: 'cut', time: 1000 })
  })
})

test('what is not a scenario, a policy, a seed, a time or a moment is refused', () => {
  const good = sevenSeconds.scenario
  expect(() => simulate({ title: '', threads: [] }, 'go')).toThrow(/needs a thread/)
  expect(() => simulate(good, 'spin' as PolicyId)).toThrow(/policy .* spin/)
  expect(() => simulate(good, 'go', 0.5)).toThrow(/seed .* 0.5/)
  expect(() => createExecutor(good, 'go').seek(Number.NaN)).toThrow(/time .* NaN/)
  expect(() => simulate(good, 'go').fork({ time: -1, step: 0 }, {})).toThrow(/moment .* -1/)
})
