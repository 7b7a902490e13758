/**
 * 60 of the recorded runs of Go's own lock: the RW lock of the library grants, action by action,
 * as it did. Every fifth run of each kind: plain; reading recursively; ending in deadlock.
 */

import { type GoRun, type GoStep, goRuns } from '../../../src/fixtures/go-rwmutex'
import type { Agent, Look } from '../protocol'
import { settle } from '../settle'
import type { Case } from '../suite'

const kinds = [
  goRuns.filter(({ nested }) => !nested),
  goRuns.filter(({ nested, deadlock }) => nested && !deadlock),
  goRuns.filter(({ nested, deadlock }) => nested && deadlock),
]

/** Goroutines are dealt out to the agents in turn. */
export const oracleCases: readonly Case<readonly Agent[]>[] = kinds
  .flatMap((runs) => runs.filter((_, index) => index % 5 === 0))
  .map((run) => ({
    group: 'as Go',
    title: `run ${run.id} of ${run.steps.length} steps`,
    run: (agents) => play(run, agents),
  }))

async function play(run: GoRun, agents: readonly Agent[]): Promise<void> {
  const lock = `go run ${run.id}`
  const waiting = new Set<number>()
  for (const [index, step] of run.steps.entries()) {
    const { g, op } = step
    const acting = g % agents.length
    await agents[acting]?.obey({ type: 'act', lock, g, op })
    const looks = await settle(agents)
    if (step.blocks) waiting.add(g)
    for (const granted of step.granted ?? []) waiting.delete(granted)
    compare(`step ${index + 1} (${g} ${op})`, step, waiting, looks, looks[acting])
  }
}

function compare(
  where: string,
  step: GoStep,
  waiting: ReadonlySet<number>,
  looks: readonly Look[],
  acting: Look | undefined,
): void {
  const ascending = (list: readonly number[]) => [...list].sort((a, b) => a - b).join(' ')
  const seen = (what: 'readers' | 'writers' | 'waiting') =>
    ascending(looks.flatMap(({ goroutines }) => goroutines[what]))
  const pairs = [
    ['readers', ascending(step.readers ?? []), seen('readers')],
    ['writer', ascending(step.writer === undefined ? [] : [step.writer]), seen('writers')],
    ['waiting', ascending([...waiting]), seen('waiting')],
    ['the try', step.ok, step.ok === undefined ? undefined : acting?.goroutines.tried],
    ['failures', '', looks.flatMap(({ goroutines }) => goroutines.failure ?? []).join('; ')],
  ] as const
  for (const [what, go, ours] of pairs) {
    if (go !== ours) throw new Error(`${where}: ${what}: Go has [${go}], Latchkey has [${ours}]`)
  }
}
