/** Programs for property tests: every kind of statement, and everything within the limits. */

import fc from 'fast-check'
import type { LockStatement, LockStatementKind, Program, Release, Statement } from '../program'
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

type Move =
  | { readonly kind: 'take'; readonly statement: LockStatement }
  | { readonly kind: 'give back' | 'count' }
  | { readonly kind: 'any'; readonly statement: Statement }

const take: fc.Arbitrary<LockStatement> = fc.oneof(
  fc.record({ kind: fc.constant('lock' as const), lock: fc.constantFrom(...mutexes) }),
  fc.record({
    kind: fc.constantFrom('read' as const, 'write' as const),
    lock: fc.constantFrom(...rwLocks),
  }),
)

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 5, arbitrary: take.map((statement) => ({ kind: 'take' as const, statement })) },
  { weight: 3, arbitrary: fc.constant({ kind: 'give back' } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: 'count' } as const) },
  { weight: 3, arbitrary: anyStatement.map((statement) => ({ kind: 'any' as const, statement })) },
)

const counting: readonly Statement[] = [
  { kind: 'load', local: 'n', variable: 'x' },
  { kind: 'store', variable: 'x', value: { local: 'n', plus: 1 } },
]

const releases = { lock: 'unlock', read: 'unread', write: 'unwrite' } as const

/** Mostly gives back what it takes, so that programs do more than crash. */
function statementsOf(moves: readonly Move[]): readonly Statement[] {
  const held: LockStatement[] = []
  return moves.flatMap((each): readonly Statement[] => {
    if (each.kind === 'any') return [each.statement]
    if (each.kind === 'count') return counting
    if (each.kind === 'take') {
      held.push(each.statement)
      return [each.statement]
    }
    const last = held.pop()
    if (!last) return []
    return [{ kind: releases[last.kind as keyof typeof releases], lock: last.lock }]
  })
}

/** Small enough for every interleaving to be enumerated one by one. */
export function smallProgram({ threads, statements }: ProgramShape): fc.Arbitrary<Program> {
  const body = fc.array(move, { minLength: 1, maxLength: statements }).map(statementsOf)
  const bodies = fc.array(body, { minLength: Math.min(2, threads), maxLength: threads })
  return fc.tuple(bodies, fc.constantFrom('go' as const, 'fifo' as const)).map(([all, policy]) =>
    tidy({
      title: '',
      policy,
      variables: variables.map((name) => ({ name, initial: 0 })),
      threads: all.map((each, index) => ({ name: `T${index}`, statements: each })),
    }),
  )
}
