/** The explorer against counting by hand and against enumerating every schedule one by one. */

import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { Program } from '../scenario'
import { smallProgram } from '../scenario/testing/any-program'
import { parsed } from '../scenario/testing/parsed'
import { Pause } from './exploration/pause'
import type { ExactExploration, Progress } from './exploration/types'
import { explore } from './explore'
import type { ProgramState } from './program'
import { enabled, type OutcomeKind, outcomeOf, playableSteps, replay, start, step } from './program'

// Hundreds of programs each: seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

async function exact(program: Program, overtaking?: number): Promise<ExactExploration> {
  const exploration = await explore(program, { overtaking })
  if (exploration.kind !== 'exact') throw new Error('was sampled')
  return exploration
}

/** Each thread has a lock of its own: nobody's step makes a difference to anybody else. */
const steps = (threads: number, count: number) => {
  const bodies = Array.from({ length: threads }, (_, thread) => {
    const line = (index: number) => `${index % 2 === 0 ? 'lock' : 'unlock'} own${thread}`
    return `thread T${thread}\n${Array.from({ length: count }, (_, index) => line(index)).join('\n')}`
  })
  return parsed(bodies.join('\n'))
}

function factorial(value: number): bigint {
  return value < 2 ? 1n : BigInt(value) * factorial(value - 1)
}

describe('by hand', () => {
  test.each([
    [1, 5],
    [2, 1],
    [2, 3],
    [3, 4],
    [5, 3],
    [8, 2],
    [2, 40],
    [4, 10],
  ])('%d threads of %d independent steps: the multinomial', async (threads, count) => {
    const { schedules, states, outcomes } = await exact(steps(threads, count))
    expect(schedules).toBe(factorial(threads * count) / factorial(count) ** BigInt(threads))
    expect(states).toBe((count + 1) ** threads)
    expect(outcomes.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
    expect(outcomes.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9)
  })

  test('AB–BA: 2 threads of 4 statements', async () => {
    const half = (first: string, second: string) =>
      `lock ${first}\nlock ${second}\nunlock ${second}\nunlock ${first}`
    const program = parsed(`thread A\n${half('a', 'b')}\nthread B\n${half('b', 'a')}`)
    const { outcomes, schedules, properties } = await exact(program)
    // Deadlock: each takes its first (2 orders), then each asks for its second (2 orders).
    expect(outcomes.map(({ kind, schedules }) => [kind, schedules])).toEqual([
      ['deadlock', 4n],
      ['done', schedules - 4n],
    ])
    // It goes wrong when the second step is the other thread's: one in two.
    expect(outcomes[0]?.probability).toBe(0.5)
    expect(outcomes[0]?.shortest.schedule).toHaveLength(4)
    expect(outcomes[0]?.shortest.decidedAfter).toBe(2)
    expect(outcomes[0]?.shortest.proven).toBe(true)
    const verdicts = properties.map(({ id, verdict }) => [id, verdict])
    expect(verdicts).toEqual([
      ['mutual-exclusion', 'holds'],
      ['no-deadlock', 'fails'],
      ['no-lost-update', 'holds'],
      ['no-misuse', 'holds'],
      ['bounded-overtaking', 'holds'],
    ])
  })

  test('two hits without a lock: 2 of 6 schedules count both', async () => {
    const hit = 'n = hits\nhits = n + 1'
    const text = `var hits = 0\nthread A\n${hit}\nthread B\n${hit}`
    const { outcomes, properties, schedules } = await exact(parsed(text))
    expect(schedules).toBe(6n)
    expect(outcomes).toMatchObject([
      {
        kind: 'lost-update',
        schedules: 4n,
        probability: 0.5,
        values: [{ variables: [1], schedules: 4n }],
      },
      { kind: 'done', schedules: 2n, probability: 0.5, values: [{ variables: [2] }] },
    ])
    const exclusion = properties.find(({ id }) => id === 'mutual-exclusion')
    expect(exclusion).toMatchObject({ verdict: 'fails', witness: [0] })
  })

  test('overtaking: never in one queue; under go by the readers of each phase', async () => {
    const writer = 'write x\nunwrite x'
    const bodies = [writer, writer, writer, 'read x\nunread x\nread x\nunread x']
    const threads = bodies.map((body, index) => `thread T${index}\n${body}`).join('\n')
    const most = async (policy: string, bound?: number) => {
      const { properties } = await exact(parsed(`policy ${policy}\n${threads}`), bound)
      return properties.find(({ id }) => id === 'bounded-overtaking')
    }
    expect(await most('fifo', 0)).toMatchObject({ verdict: 'holds', overtaking: { most: 0 } })
    // The reader comes after all three writers, and after the second it comes again.
    expect(await most('go')).toMatchObject({ verdict: 'holds', overtaking: { bound: 3, most: 2 } })
    expect(await most('go', 1)).toMatchObject({ verdict: 'fails' })
  })
})

interface Tally {
  schedules: bigint
  probability: number
  shortest: number
}

/** Every schedule one by one, without remembering any state. */
function enumerate(program: Program): Map<OutcomeKind, Tally> {
  const tallies = new Map<OutcomeKind, Tally>()
  const visit = (state: ProgramState, probability: number) => {
    const able = enabled(state)
    for (const thread of able) visit(step(state, thread), probability / able.length)
    const outcome = outcomeOf(state)
    if (!outcome) return
    const tally = tallies.get(outcome.kind) ?? { schedules: 0n, probability: 0, shortest: 1e9 }
    tally.schedules++
    tally.probability += probability
    tally.shortest = Math.min(tally.shortest, state.steps)
    tallies.set(outcome.kind, tally)
  }
  visit(start(program), 1)
  return tallies
}

/** Some ten thousand schedules at most. */
const enumerable = smallProgram({ threads: 3, statements: 4 }).filter(
  ({ threads }) => threads.reduce((sum, { statements }) => sum + statements.length, 0) < 12,
)

test('200 random programs: as when every schedule is enumerated', async () => {
  const seen = new Set<OutcomeKind>()
  await fc.assert(
    fc.asyncProperty(enumerable, async (program) => {
      const tallies = enumerate(program)
      const { outcomes, schedules } = await exact(program)
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual([...tallies.keys()].sort())
      for (const { kind, probability, share, shortest, ...rest } of outcomes) {
        seen.add(kind)
        const tally = tallies.get(kind)
        expect(rest.schedules).toBe(tally?.schedules)
        expect(probability).toBeCloseTo(tally?.probability ?? 0, 9)
        expect(share).toBeCloseTo(Number(rest.schedules) / Number(schedules), 12)
        expect(shortest.schedule).toHaveLength(tally?.shortest ?? -1)
        const states = replay(program, shortest.schedule)
        expect(outcomeOf(states.at(-1) as ProgramState)?.kind).toBe(kind)
        expectDecided(states, kind, shortest.decidedAfter ?? -1)
      }
    }),
    { verbose: true, numRuns: 200 },
  )
  expect([...seen].sort()).toEqual(['deadlock', 'done', 'lost-update', 'misuse', 'stuck'])
})

/** From then on nothing else can come of it; one step earlier it could. */
function expectDecided(states: readonly ProgramState[], kind: OutcomeKind, after: number): void {
  const kinds = (at: number) => {
    const found = new Set<OutcomeKind>()
    const visit = (state: ProgramState) => {
      for (const thread of enabled(state)) visit(step(state, thread))
      const outcome = outcomeOf(state)
      if (outcome) found.add(outcome.kind)
    }
    const state = states[at]
    if (state) visit(state)
    return [...found]
  }
  expect(kinds(after)).toEqual([kind])
  if (after > 0) expect(kinds(after - 1).length).toBeGreaterThan(1)
}

describe('beyond the limit', () => {
  const program = steps(4, 8)

  test('schedules are drawn, and the report says so', async () => {
    const text = 'thread A\nlock a\nlock b\nunlock b\nunlock a\nthread B\nlock b\nlock a'
    const all = await exact(parsed(text))
    const some = await explore(parsed(text), { limit: 8, samples: 4000, seed: 3 })
    if (some.kind !== 'sampled') throw new Error('was not sampled')
    expect(some).toMatchObject({ samples: 4000, limit: 8, states: 8 })
    expect(some.outcomes.map(({ kind }) => kind)).toEqual(all.outcomes.map(({ kind }) => kind))
    for (const [index, { probability }] of all.outcomes.entries()) {
      const { low = 1, high = 0 } = some.outcomes[index]?.interval ?? {}
      // Drawn from a seed: the same interval every time, and this one has the truth in it.
      expect(low).toBeLessThan(probability)
      expect(high).toBeGreaterThan(probability)
    }
    expect(some.properties.find(({ id }) => id === 'no-deadlock')?.verdict).toBe('fails')
    expect(some.properties.find(({ id }) => id === 'no-misuse')?.verdict).toBe('unknown')
  })

  test('what the reduced graph shows is known, though the counts are not', async () => {
    const rare = `thread A\n${'lock own\nunlock own\n'.repeat(12)}lock a\nlock b`
    const program = parsed(`${rare}\nthread B\nlock b\nlock a\nunlock a\nunlock b`)
    const some = await explore(program, { limit: 90, samples: 1, seed: 2 })
    const all = await exact(program)
    expect(some).toMatchObject({ kind: 'sampled', samples: 1, allOutcomes: true })
    expect(some.outcomes.map(({ kind, shortest }) => [kind, shortest.schedule.length])).toEqual(
      all.outcomes.map(({ kind, shortest }) => [kind, shortest.schedule.length]),
    )
    for (const { shortest } of some.outcomes) expect(shortest.proven).toBe(true)
    const verdict = (id: string) => some.properties.find((each) => each.id === id)?.verdict
    expect(['no-deadlock', 'no-misuse', 'mutual-exclusion'].map(verdict)).toEqual([
      'fails',
      'holds',
      'unknown',
    ])
  })

  test('the same seed draws the same', async () => {
    const draw = (seed: number) => explore(program, { limit: 10, samples: 50, seed })
    expect(await draw(7)).toEqual(await draw(7))
    expect(await draw(7)).not.toEqual(await draw(8))
  })

  test('what is found in the layers that were explored is as near as any', async () => {
    const tail = (lock: string) => `\nlock ${lock}\nunlock ${lock}`.repeat(6)
    const half = (first: string, second: string) => `lock ${first}\nlock ${second}\nunlock ${first}`
    const text = `thread A\n${half('a', 'b')}\nunlock b${tail('c')}\nthread B\n${half('b', 'a')}\nunlock a${tail('d')}`
    const some = await explore(parsed(text), { limit: 40, samples: 20, seed: 1 })
    expect(some).toMatchObject({
      kind: 'sampled',
      outcomes: [
        { kind: 'deadlock', shortest: { proven: true } },
        { kind: 'done', shortest: { proven: false } },
      ],
    })
    expect(some.outcomes[0]?.shortest.schedule).toHaveLength(4)
  })
})

describe('while it runs', () => {
  const large = steps(4, 12)

  test('tells its progress', async () => {
    const told: Progress[] = []
    await explore(large, { onProgress: (progress) => told.push(progress) })
    const states = told.map((each) => (each.kind === 'exploring' ? each.states : 0))
    expect(states.length).toBeGreaterThan(2)
    expect(states).toEqual([...states].sort((a, b) => a - b))
  })

  test('is aborted with the signal’s reason, also while it is paused', async () => {
    for (const paused of [false, true]) {
      const abort = new AbortController()
      const pause = new Pause()
      const onProgress = () => {
        if (paused) pause.pause()
        setTimeout(() => abort.abort(new Error('enough')))
      }
      await expect(explore(large, { onProgress, pause, signal: abort.signal })).rejects.toThrow(
        'enough',
      )
    }
    await expect(explore(large, { signal: AbortSignal.abort('no') })).rejects.toBe('no')
  })

  test('paused it waits, and goes on where it was', async () => {
    const pause = new Pause()
    let told = 0
    const onProgress = () => {
      told++
      if (told !== 2) return
      pause.pause()
      setTimeout(() =>
        setTimeout(() =>
          setTimeout(() => {
            expect(told).toBe(2)
            pause.resume()
          }),
        ),
      )
    }
    const exploration = await explore(large, { onProgress, pause })
    expect(told).toBeGreaterThan(2)
    expect(exploration).toEqual(await explore(large))
  })
})

test.each([
  [{ limit: 0 }, 'limit must be a whole number, at least 1, got 0'],
  [{ samples: 1.5 }, 'samples must be a whole number, at least 1, got 1.5'],
  [{ overtaking: -1 }, 'overtaking must be a whole number, at least 0, got -1'],
])('options are checked: %o', async (options, why) => {
  await expect(explore(steps(1, 1), options)).rejects.toThrow(why)
})

test('every witness can be played', async () => {
  await fc.assert(
    fc.asyncProperty(smallProgram({ threads: 3, statements: 5 }), async (program) => {
      for (const { witness } of (await exact(program)).properties) {
        if (witness) expect(playableSteps(program, witness)).toBe(witness.length)
      }
    }),
    { verbose: true },
  )
})
