/**
 * The whole suite over one port: which cases run, by how many agents, and what each leaves behind.
 * Runs wherever an environment gives it agents.
 */

import { createLockManager } from '../../src/locks/lock-manager'
import { agentCases, type Pair } from './cases/agents'
import { blockingCases } from './cases/blocking'
import { deadlockCases } from './cases/deadlocks'
import { fenceCases } from './cases/fences'
import { managerCases } from './cases/manager'
import { oracleCases } from './cases/oracle'
import { type Hands, primitiveCases } from './cases/primitives'
import { queueCases } from './cases/queue'
import { turnCases } from './cases/turn'
import { same, until } from './check'
import { Crowd } from './crowd'
import { type PortName, type PortRow, ports } from './ports'
import type { Agent, Environment } from './protocol'
import { Stage } from './stage'
import { type Case, type Outcome, type Report, type RunOptions, runCases } from './suite'

export async function runPort(
  name: PortName,
  environment: Environment,
  options: RunOptions = {},
): Promise<Report> {
  const row: PortRow = ports[name]
  const opening = { port: name, memory: row.makeMemory?.() }
  const stage = await Stage.on(opening)
  const self: Agent = {
    kind: 'self',
    obey: stage.obey.bind(stage),
    kill() {
      throw new Error('the director has to stay')
    },
  }
  const others: Agent[] = []
  for (const kind of environment.kinds(row.reach)) {
    others.push(await environment.start(kind, opening))
  }
  const alone = new Crowd([self])
  const outcomes: Outcome[] = []
  const strict = stage.port === stage.open.strict
  const run = async <W>(
    who: string,
    cases: readonly Case<W>[],
    world: W,
    crowd: Crowd,
    check = async () => {},
  ) => {
    const titled = cases.map(({ group, ...more }) => ({ group: `${group} (${who})`, ...more }))
    // Inside one agent a cohort decides by itself.
    const shown = strict || crowd !== alone ? (row.quirks ?? []) : []
    const quirks = options.quirks?.filter((quirk) => shown.includes(quirk)) ?? []
    outcomes.push(
      ...(await runCases(titled, world, () => crowd.clear().then(check), { ...options, quirks })),
    )
  }

  await run('alone', queueCases, alone, alone)
  const whyNoFences = row.lacksFences?.()
  if (whyNoFences === undefined) await run('alone', fenceCases, alone, alone)
  await run('alone', turnCases, { stage, crowd: alone }, alone)
  // The standard's face is for ports that are exact: it never stands on a cohort.
  if (strict) await run('alone', managerCases, createLockManager({ port: stage.port }), alone)
  const { locks } = stage
  const hands: Hands = {
    stage,
    locks,
    keep: (asked) => stage.keep(asked),
    settle: () => alone.settle(),
  }
  await run('alone', primitiveCases, hands, alone, async () => {
    same(locks.stats(), { holds: 0, waits: 0, names: 0 }, 'stats()')
  })
  // Where the order is exact between agents as well, several of them share the goroutines.
  const shared = strict && others.length > 0
  if (!shared) await run('alone', oracleCases, [self], alone)
  const firstOfKind = (agent: Agent, index: number) =>
    others.findIndex(({ kind }) => kind === agent.kind) === index
  for (const other of others.filter(firstOfKind)) {
    const crowd = new Crowd([self, other])
    const world: Pair = {
      crowd,
      self,
      other,
      mortal: () => environment.start(other.kind, opening),
    }
    const who = `with a ${other.kind}`
    await run(who, agentCases, world, crowd)
    if (whyNoFences === undefined) await run(who, fenceCases, crowd, crowd)
    await run(who, deadlockCases, world, crowd)
    await run(who, blockingCases(stage.port, other.kind), { self, other }, crowd)
  }
  if (shared) {
    const all = [self, ...others]
    const crowd = new Crowd(all)
    const who = `with ${others.map(({ kind }) => `a ${kind}`).join(', ')}`
    await run(who, queueCases, crowd, crowd)
    await run(who, oracleCases, all, crowd)
  }

  for (const other of others) other.kill()
  await stage.obey({ type: 'leave' })
  return { port: name, outcomes }
}

/** The standard's words, held against the engine's own `navigator.locks`: it proves the words. */
export async function runBrowsersOwn(options: RunOptions = {}): Promise<Report> {
  const { locks } = navigator
  const clear = () =>
    until('nothing is left', async () => {
      const { held = [], pending = [] } = await locks.query()
      return held.length + pending.length === 0
    })
  const outcomes = await runCases(managerCases, locks, clear, options)
  return { port: "the browser's own", outcomes }
}
