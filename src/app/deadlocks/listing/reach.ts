/** For whoever plays the scheduler: what there is to reach, and whether it still can be. */

import type { Program } from '../../../scenario'
import { distances, type OutcomeKind, type ProgramState, start } from '../../../simulate'
import { caseOf } from '../catalogue/cases'
import { outcomeNouns } from '../explore/outcome-names'

export type Reach =
  /** No schedule goes wrong. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly goal: OutcomeKind }
  | { readonly kind: 'lost'; readonly goal: OutcomeKind }
  | { readonly kind: 'open'; readonly goal: OutcomeKind; readonly steps: number }

const goals = ['deadlock', 'stuck', 'misuse', 'lost-update'] as const

export function reachOf(program: Program, state: ProgramState): Reach {
  const goal = goalOf(program)
  if (!goal) return { kind: 'none' }
  const { to, complete } = distances(state)
  const found = to[goal]
  if (found) return { kind: 'open', goal, steps: found.steps }
  return { kind: complete ? 'lost' : 'unknown', goal }
}

const known = new WeakMap<Program, OutcomeKind | 'none'>()

/** What goes wrong: as the case says, or the worst that the program can come to. */
function goalOf(program: Program): OutcomeKind | undefined {
  const goal = known.get(program) ?? findGoal(program) ?? 'none'
  known.set(program, goal)
  return goal === 'none' ? undefined : goal
}

function findGoal(program: Program): OutcomeKind | undefined {
  const shown = caseOf(program)
  if (shown) return shown.variant === 'broken' ? shown.entry.trouble : undefined
  const { to, complete } = distances(start(program))
  // Of a program too large to look through, a deadlock is at least what one would try for.
  return goals.find((kind) => to[kind]) ?? (complete ? undefined : 'deadlock')
}

export function reachWords(reach: Reach): string {
  if (reach.kind === 'none') return 'Nothing can go wrong here, try as you may.'
  const noun = outcomeNouns[reach.goal]
  const subject = noun.charAt(0).toUpperCase() + noun.slice(1)
  switch (reach.kind) {
    case 'unknown':
      return `There are too many states to tell whether ${noun} can still be reached.`
    case 'lost':
      return `${subject} cannot be reached any more.`
    case 'open':
      if (reach.steps === 0) return `You have reached ${noun}.`
      return `${subject} can still be reached, in at least ${reach.steps} ${reach.steps === 1 ? 'step' : 'steps'}.`
  }
}
