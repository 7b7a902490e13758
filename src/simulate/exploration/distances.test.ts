import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { smallProgram } from '../../scenario/testing/any-program'
import { parsed } from '../../scenario/testing/parsed'
import { enabled, outcomeOf, type ProgramState, replay, start, step } from '../program'
import { distances } from './distances'

// Hundreds of programs: seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const abBa = parsed('thread A\nlock a\nlock b\nunlock b\nunlock a\nthread B\nlock b\nlock a')

test('AB–BA: reachable, closer, and past', () => {
  const at = (...schedule: number[]) => distances(replay(abBa, schedule).at(-1) as ProgramState)
  expect(at()).toMatchObject({ complete: true, to: { deadlock: { steps: 4 }, done: { steps: 6 } } })
  expect(at(0).to.deadlock).toEqual({ steps: 3, first: 1 })
  expect(at(0, 1).to).toMatchObject({ deadlock: { steps: 2 } })
  expect(at(0, 1, 0, 1).to).toEqual({ deadlock: { steps: 0, first: undefined } })
  expect(at(0, 0).to.deadlock).toBeUndefined()
})

test('the first step of a shortest way leads one step nearer', () => {
  fc.assert(
    fc.property(
      smallProgram({ threads: 3, statements: 5 }),
      fc.infiniteStream(fc.nat()),
      (program, choices) => {
        let state = start(program)
        for (const choice of choices) {
          const { complete, to } = distances(state)
          expect(complete).toBe(true)
          for (const { steps, first } of Object.values(to)) {
            if (first === undefined) expect(steps).toBe(0)
            else
              expect(
                Object.values(distances(step(state, first)).to).map((each) => each.steps),
              ).toContain(steps - 1)
          }
          const able = enabled(state)
          if (able.length === 0) break
          state = step(state, able[choice % able.length] ?? 0)
        }
        const kind = outcomeOf(state)?.kind
        expect(distances(state).to).toEqual(kind && { [kind]: { steps: 0, first: undefined } })
      },
    ),
    { verbose: true },
  )
})

test('beyond the limit it does not say that it knows', () => {
  expect(distances(start(abBa), { limit: 5 })).toEqual({ complete: false, to: {} })
  expect(() => distances(start(abBa), { limit: 0 })).toThrow('limit must be a whole number')
})
