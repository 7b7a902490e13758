/** For whoever plays the scheduler: what can still be reached, and in how many steps. */

import { enabled, keyOf, type OutcomeKind, outcomeOf, type ProgramState, step } from '../program'

export interface Distance {
  /** In at least how many steps. */
  readonly steps: number
  /** Who takes the first step on one of the shortest ways; `undefined` at its end. */
  readonly first: number | undefined
}

export interface Distances {
  /** Everything was looked at: what is not in `to` cannot be reached any more. */
  readonly complete: boolean
  readonly to: Readonly<Partial<Record<OutcomeKind, Distance>>>
}

interface Reached {
  readonly state: ProgramState
  readonly first: number | undefined
}

/**
 * From this state on, breadth first, until `limit` states (default 20,000, well under a second)
 * were looked at. Throws a `RangeError` for a limit that is not a whole number of at least 1.
 */
export function distances(state: ProgramState, { limit = 20_000 } = {}): Distances {
  if (!(Number.isInteger(limit) && limit > 0)) {
    throw new RangeError(`limit must be a whole number, at least 1, got ${limit}`)
  }
  const to: Partial<Record<OutcomeKind, Distance>> = {}
  let layer: readonly Reached[] = [{ state, first: undefined }]
  let looked = 1
  for (let steps = 0; layer.length > 0; steps++) {
    // All schedules to a state are equally long: it is met again only in its own layer.
    const next = new Map<string, Reached>()
    for (const reached of layer) {
      const able = enabled(reached.state)
      const outcome = able.length === 0 ? outcomeOf(reached.state) : undefined
      if (outcome) to[outcome.kind] ??= { steps, first: reached.first }
      for (const thread of able) {
        const after = step(reached.state, thread)
        const key = keyOf(after)
        if (next.has(key)) continue
        if (looked === limit) return { complete: false, to }
        looked++
        next.set(key, { state: after, first: reached.first ?? thread })
      }
    }
    layer = [...next.values()]
  }
  return { complete: true, to }
}
