/** The scene "Hit counter": its runs, one for each guard, and the trials that throw inside. */

import type { Counted, Increment, Leaking, LeakWay, Probing } from '../../../perform/tabs'
import type { Background } from '../../deadlocks/explore/background'

/** A hit, and whose. */
export interface Hit extends Increment {
  readonly participant: number
}

export interface CounterRun {
  readonly guard: GuardShown['id']
  /** In the order in which they were written. */
  readonly hits: readonly Hit[]
  /** Once it is over. */
  readonly counted?: Counted
}

export interface LeakResult extends Leaking {
  /** Another participant's answer. */
  readonly then: Probing
  readonly by: string
  readonly asked: string
}

export interface Counter {
  readonly doing: Background<undefined, undefined>
  /** What is shown, and run next. */
  readonly guard: GuardShown['id']
  readonly runs: { readonly [Each in GuardShown['id']]?: CounterRun }
  readonly leaks: { readonly [Way in LeakWay]?: LeakResult | 'trying' }
}

export const noCounter: Counter = { doing: { kind: 'none' }, guard: 'none', runs: {}, leaks: {} }

export const hitsEach = 20
/** Between reading and writing, in ms: long enough to be watched. */
export const workEach = 25

export function lostIn(hits: readonly Hit[]): number {
  return hits.reduce((sum, { seen, before }) => sum + before - seen, 0)
}

export interface GuardShown {
  readonly id: 'none' | 'run' | 'using' | 'bare'
  readonly name: string
  readonly code: string
}

const three = (indent: string, close = '') =>
  [
    `${indent}const seen = await counter.read()`,
    `${indent}await work()`,
    `${indent}await counter.write(seen + 1)${close}`,
  ].join('\n')

/** As `deeds/count.ts` does it. */
export const guards: readonly GuardShown[] = [
  { id: 'none', name: 'No lock', code: three('') },
  { id: 'run', name: 'run', code: `await hits.run(async () => {\n${three('  ')}\n})` },
  {
    id: 'using',
    name: 'await using',
    code: `await using hold = await hits.acquire()\n${three('')}`,
  },
  {
    id: 'bare',
    name: 'acquire, release',
    code: `const hold = await hits.acquire()\n${three('')}\nhold.release()`,
  },
]
