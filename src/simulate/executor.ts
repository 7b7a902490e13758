/** Walks through a run: forward, back, to any time, and off into another future. */

import { assertScenario } from '../scenario/limits'
import type { PolicyId, Scenario } from '../scenario/scenario'
import { scenarioOf, withAlgorithm, withScenario } from './fork'
import { algorithms } from './policies'
import { spansOf } from './spans'
import { type Algorithms, make, type Tape } from './tape'
import type { Change, Executor, Moment, Simulation } from './types'
import { viewOf } from './view'
import { type World, worldOf } from './world'

/**
 * A run of `scenario` against the lock of `policy`, standing before its first step. The same
 * three arguments always make the same run; seed 0 keeps the scenario's order where threads
 * act at one time. Throws a `RangeError` on a scenario beyond the limits, or a seed that is
 * not a whole number.
 */
export function createExecutor(
  scenario: Scenario,
  policy: PolicyId,
  seed = 0,
  known: Algorithms = algorithms,
): Executor {
  assertScenario(scenario)
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed must be a whole number, got ${seed}`)
  const algorithm = known[policy]
  if (!algorithm) throw new RangeError(`policy must be a lock that is known, got ${policy}`)
  const first = worldOf(scenario, algorithm, seed)
  const firstView = viewOf(algorithm, first)
  const tape = { title: scenario.title, first, firstView, done: [], outcome: undefined }
  return executorOn(tape, known, { time: 0, step: 0 })
}

/** The whole run at once; arguments as for `createExecutor`. */
export function simulate(scenario: Scenario, policy: PolicyId, seed = 0): Simulation {
  return createExecutor(scenario, policy, seed).run()
}

function executorOn(tape: Tape, known: Algorithms, from: Moment): Executor {
  let moment = from
  const made = (index: number) => make(tape, known, index)
  return {
    get moment() {
      return moment
    },
    get steps() {
      return tape.done.slice(0, moment.step).map(({ step }) => step)
    },
    get outcome() {
      return made(moment.step) ? undefined : tape.outcome
    },
    step() {
      const step = made(moment.step)?.step
      if (step) moment = { time: step.time, step: step.index + 1 }
      return step
    },
    back() {
      const undone = tape.done[moment.step - 1]?.step
      const before = tape.done[moment.step - 2]?.step
      if (undone) moment = { time: before?.time ?? 0, step: undone.index }
      return undone
    },
    seek(time) {
      if (!(time >= 0)) throw new RangeError(`time must be from 0 ms on, got ${time}`)
      let step = 0
      // Also back: an earlier time has fewer steps done.
      for (let next = made(step); next && next.step.time <= time; next = made(step)) step++
      moment = { time, step }
    },
    fork: (change) => forked(tape, known, moment, change),
    run: () => whole(tape, known),
  }
}

function forked(tape: Tape, known: Algorithms, at: Moment, change: Change): Executor {
  if (!(at.time >= 0 && at.step >= 0)) {
    throw new RangeError(`moment must be from 0 on, got ${at.time} ms, step ${at.step}`)
  }
  if (change.scenario) assertScenario(change.scenario)
  make(tape, known, at.step)
  const step = Math.min(Math.trunc(at.step), tape.done.length)
  const past = tape.done.slice(0, step)
  const last = past.at(-1)
  const world = last?.world ?? tape.first
  const latest = tape.done[step]?.step.time ?? Number.POSITIVE_INFINITY
  const time = Math.min(Math.max(at.time, world.time), latest)

  let fresh: World = { ...world, time }
  if (change.scenario) fresh = withScenario(fresh, change.scenario)
  if (change.policy && change.policy !== world.policy) {
    fresh = withAlgorithm(fresh, known[change.policy])
  }
  const branch: Tape = {
    title: change.scenario?.title ?? tape.title,
    first: last ? tape.first : fresh,
    firstView: last ? tape.firstView : viewOf(known[fresh.policy], fresh),
    done: last ? [...past.slice(0, -1), { ...last, world: fresh }] : [],
    outcome: undefined,
  }
  return executorOn(branch, known, { time, step })
}

function whole(tape: Tape, known: Algorithms): Simulation {
  make(tape, known, Number.POSITIVE_INFINITY)
  const steps = tape.done.map(({ step }) => step)
  const world = tape.done.at(-1)?.world ?? tape.first
  const end = steps.at(-1)?.time ?? 0
  const duration = (Math.floor(end / 1000) + 1) * 1000
  return {
    scenario: scenarioOf(tape.title, world),
    policy: world.policy,
    seed: world.seed,
    outcome: tape.outcome ?? { kind: 'finished' },
    end,
    duration,
    steps,
    registers: tape.firstView.registers,
    threads: tape.firstView.threads,
    events: steps.flatMap(({ event }) => (event ? [event] : [])),
    spans: spansOf(steps, duration),
    fork: (moment, change) => forked(tape, known, moment, change).run(),
  }
}
