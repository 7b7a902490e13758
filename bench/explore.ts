/** How fast the explorer is, on the dining philosophers; in Node, for it needs no browser. */

import { dining, type Program, parseProgram } from '../src/scenario'
import { explore, findOutcomes } from '../src/simulate'
import type { Finding } from './rows'
import { interleaved, summarize } from './statistics'

const rounds = 5

function philosophers(count: number): Program {
  const result = parseProgram(dining(count, 'left first'))
  if (result.kind === 'ok') return result.program
  throw new Error(result.errors[0]?.message)
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

export async function exploreStates(): Promise<Finding> {
  const program = philosophers(6)
  const { states, transitions } = await explore(program)
  const measured = await interleaved(
    rounds,
    async () => states / (await seconds(() => explore(program))),
    async () => transitions / (await seconds(() => explore(program))),
  )
  return {
    id: 'explore-states',
    summary: summarize(measured),
    notes: [`${states} states, ${transitions} steps between them`],
  }
}

export async function exploreDining(): Promise<Finding> {
  const program = philosophers(5)
  const full = await explore(program)
  const reduced = await findOutcomes(program)
  const kinds = ({ outcomes }: { readonly outcomes: readonly { readonly kind: string }[] }) =>
    outcomes.map(({ kind }) => kind).join()
  const measured = await interleaved(
    rounds,
    () => seconds(() => explore(program)),
    () => seconds(() => findOutcomes(program)),
  )
  const schedules = full.kind === 'exact' ? full.schedules : 'drawn'
  return {
    id: 'explore-dining-5',
    summary: summarize(measured),
    and: full.kind === 'exact' && reduced.complete && kinds(full) === kinds(reduced),
    notes: [
      `${full.states} states and ${schedules} schedules in full`,
      `${reduced.states} states with reduction, ${(full.states / reduced.states).toFixed(1)}× fewer`,
    ],
  }
}
