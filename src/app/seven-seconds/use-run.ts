import type { PolicyId } from '../../scenario'
import type { Simulation, Step } from '../../simulate'
import { useStore } from '../store'
import { runOf } from './runs'

/** The run that is shown: of the scenario and the chosen policy. */
export function useRun(): Simulation {
  return useStore((state) => runOf(state.scenario, state.policy))
}

/** The same scenario under another policy. */
export function useRunUnder(policy: PolicyId): Simulation {
  return useStore((state) => runOf(state.scenario, policy))
}

/** The last step done; changes with steps only, not with time. */
export function useStep(): Step | undefined {
  return useStore((state) => runOf(state.scenario, state.policy).steps[state.moment.step - 1])
}
