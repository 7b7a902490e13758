/**
 * Runs cases one after the other and says what came of each: no case may hang, none hides the
 * next, and each is followed by the proof that it left nothing behind.
 */

import { textOf, within } from './check'
import type { Quirk } from './quirks'

/** One promise, checked in a world of its kind. */
export interface Case<W> {
  readonly group: string
  readonly title: string
  run(world: W): void | Promise<void>
  /** What holds instead where the engine departs from the standard. */
  readonly unless?: { readonly quirk: Quirk; readonly run: (world: W) => void | Promise<void> }
}

export interface Outcome {
  readonly group: string
  readonly title: string
  /** How long it took, to find what makes the suite slow. */
  readonly ms?: number
  /** Why it failed; absent when it passed. */
  readonly error?: string
}

export interface Report {
  readonly port: string
  readonly outcomes: readonly Outcome[]
}

/** ms for one case. Engines need 2 s to give up a busy agent, and the machine may be loaded. */
const caseLimit = 20_000

export interface RunOptions {
  /** Of what the world stands on. */
  readonly quirks?: readonly Quirk[]
  readonly hears?: (outcome: Outcome) => void
  /** ms for one case. */
  readonly limit?: number
}

/** @param clear ends what a case left behind, and throws if that was not nothing */
export async function runCases<W>(
  cases: readonly Case<W>[],
  world: W,
  clear: (world: W) => Promise<void>,
  { quirks = [], hears = () => {}, limit = caseLimit }: RunOptions = {},
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const each of cases) {
    const { group, unless } = each
    const quirk = unless && quirks.includes(unless.quirk) ? unless : undefined
    const title = quirk === undefined ? each.title : `${each.title} (${quirk.quirk})`
    const act = (quirk ?? each).run
    const start = performance.now()
    const run = within(limit, 'the case', (async () => act(world))())
    const [acted] = await Promise.allSettled([run])
    // Also after a failure: the next case is to start from nothing.
    const [cleared] = await Promise.allSettled([within(limit, 'clearing up', clear(world))])
    const failed = [acted, cleared].find(({ status }) => status === 'rejected')
    const outcome = {
      group,
      title,
      ms: Math.round(performance.now() - start),
      ...(failed?.status === 'rejected' && { error: textOf(failed.reason) }),
    }
    outcomes.push(outcome)
    hears(outcome)
  }
  return outcomes
}

export function passedOf(outcomes: readonly Outcome[]): number {
  return outcomes.filter(({ error }) => error === undefined).length
}
