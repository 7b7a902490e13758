/** Rounds of probes: what each has come by in one agent. */

import { remember } from '../remember'

/** How many rounds are remembered. */
const remembered = 1000

export class Rounds {
  #begun = 0
  readonly #visited = new Map<string, Set<string>>()

  /** @returns the id of a new one, begun for this wait */
  begin(wait: string): string {
    return `${wait}/${++this.#begun}`
  }

  /** @returns whether it is the first time in this round */
  visit(round: string, wait: string): boolean {
    const visited = this.#visited.get(round) ?? new Set()
    if (visited.has(wait)) return false
    visited.add(wait)
    remember(this.#visited, round, visited, remembered)
    return true
  }
}
