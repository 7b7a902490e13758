/** Programs for property tests: every kind of statement, and everything within the limits. */

import fc from 'fast-check'
import type { LockStatementKind, Program, Release, Statement } from '../program'
import { ProgramCheck, programTitleProblem, threadNameProblem } from '../program-limits'

export interface ProgramShape {
  readonly threads: number
  /** Of one thread. */
  readonly statements: number
}

const mutexes = ['a', 'b', 'c'] as const
const rwLocks = ['rw', 's'] as const
const variables = ['x', 'y'] as const
const locals = ['n', 'm'] as const

const mutexRelease: fc.Arbitrary<Release> = fc.oneof(
  fc.record({ kind: fc.constant('unlock' as const), lock: fc.constantFrom(...mutexes) }),
  fc.constant({ kind: 'unlock-all' } as const),
)
const release: fc.Arbitrary<Release> = fc.oneof(
  mutexRelease,
  fc.record({
    kind: fc.constantFrom('unread' as const, 'unwrite' as const),
    lock: fc.constantFrom(...rwLocks),
  }),
)
const number = fc.integer({ min: -9999, max: 9999 })

const rwKinds: readonly LockStatementKind[] = ['read', 'unread', 'write', 'unwrite']
const mutexKinds: readonly LockStatementKind[] = ['lock', 'unlock']

export const anyStatement: fc.Arbitrary<Statement> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom(...mutexKinds),
      lock: fc.constantFrom(...mutexes),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom(...rwKinds), lock: fc.constantFrom(...rwLocks) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('load' as const),
      local: fc.constantFrom(...locals),
      variable: fc.constantFrom(...variables),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('store' as const),
      variable: fc.constantFrom(...variables),
      value: fc.oneof(
        fc.record({ plus: number }),
        fc.record({ local: fc.constantFrom(...locals), plus: number }),
      ),
    }),
  },
  fc.record({
    kind: fc.constant('all' as const),
    locks: fc.uniqueArray(fc.constantFrom(...mutexes), { minLength: 1 }),
  }),
  mutexRelease,
  fc.record({ kind: fc.constant('defer' as const), release }),
  fc.constant({ kind: 'throw' } as const),
  fc
    .tuple(fc.nat({ max: 100 }), fc.nat({ max: 100 }))
    .map(([from, more]) => ({ kind: 'sleep' as const, from, to: from + more })),
)

/** Leaves out what cannot stand where it was drawn, and fills up threads that have become empty. */
function tidy(program: Program): Program {
  const check = new ProgramCheck()
  for (const { name, initial } of program.variables) check.variable(name, initial)
  const threads = program.threads.map(({ name, statements }) => {
    check.thread(name)
    const fit = statements.filter((statement) => check.statement(statement) === undefined)
    return { name, statements: fit.length > 0 ? fit : [{ kind: 'throw' } as const] }
  })
  // Drawn records have no prototype; those that are read back are plain.
  return structuredClone({ ...program, threads })
}

const line = (max: number) =>
  fc
    .string({ unit: 'grapheme', maxLength: max })
    .map((text) => text.replaceAll(/[\n\r\u2028\u2029#]/g, '').trim())

export const anyProgram: fc.Arbitrary<Program> = fc
  .record({
    title: line(40).filter((title) => programTitleProblem(title) === undefined),
    policy: fc.constantFrom('go' as const, 'fifo' as const),
    variables: fc
      .tuple(number, number)
      .map((values) => variables.map((name, index) => ({ name, initial: values[index] ?? 0 }))),
    threads: fc.uniqueArray(
      fc.record({
        name: line(16).filter((name) => threadNameProblem(name) === undefined),
        statements: fc.array(anyStatement, { minLength: 1, maxLength: 12 }),
      }),
      { minLength: 1, maxLength: 8, selector: (thread) => thread.name },
    ),
  })
  .map(tidy)

/** Small enough for every interleaving to be enumerated one by one. */
export function smallProgram({ threads, statements }: ProgramShape): fc.Arbitrary<Program> {
  const bodies = fc.array(fc.array(anyStatement, { minLength: 1, maxLength: statements }), {
    minLength: 1,
    maxLength: threads,
  })
  return fc.tuple(bodies, fc.constantFrom('go' as const, 'fifo' as const)).map(([all, policy]) =>
    tidy({
      title: '',
      policy,
      variables: variables.map((name) => ({ name, initial: 0 })),
      threads: all.map((body, index) => ({ name: `T${index}`, statements: body })),
    }),
  )
}
