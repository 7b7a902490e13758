/** Each scenario's run under each policy: made once, when first asked for. */

import type { PolicyId, Scenario } from '../../scenario'
import { type Simulation, simulate } from '../../simulate'

const made = new WeakMap<Scenario, Map<PolicyId, Simulation>>()

export function runOf(scenario: Scenario, policy: PolicyId): Simulation {
  const runs = made.get(scenario) ?? new Map<PolicyId, Simulation>()
  made.set(scenario, runs)
  const known = runs.get(policy)
  if (known) return known
  const run = simulate(scenario, policy)
  runs.set(policy, run)
  return run
}
