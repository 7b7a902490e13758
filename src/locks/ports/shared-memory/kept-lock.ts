/**
 * The lock that an agent keeps for itself after it gave it back: taking it again costs one atomic
 * operation. `table.ts` says why that is right.
 */

import type { Table } from './table'

export class KeptLock {
  /** Its node; 0 if nothing is kept, by this agent's account. */
  at = 0
  /** The state of the node while it is held. */
  state = 0
  #name = ''
  #table: Table | undefined

  /** @returns whether the node was as expected, and is kept now */
  keep(table: Table, at: number, state: number, name: string): boolean {
    // There is one at most: what was kept before was given back when this was asked for.
    if (this.at !== 0 || !table.keep(at, state)) return false
    this.#table = table
    this.at = at
    this.state = state
    this.#name = name
    return true
  }

  /** Takes it again, if it is this one and nobody else has come. */
  retake(name: string): boolean {
    if (this.at === 0 || this.#name !== name) return false
    const { at } = this
    this.at = 0
    return this.#table?.retake(at, this.state) ?? false
  }

  /** Gives it back. Under the latch or without. */
  yield(): void {
    const { at } = this
    this.at = 0
    if (at !== 0) this.#table?.yield(at, this.state)
  }

  forget(): void {
    this.at = 0
  }
}
