/** A value in any store that can compare and swap, which only the latest holder of a lock can write. */

import { refuse } from '../arguments'
import { checkFence, type FencedHold, stale } from './check-fence'

/** What the store keeps: the value, and the fence that it was written with. */
export interface FencedState<T> {
  readonly value: T
  readonly fence: number
}

/**
 * What a store has to be able to do: to write only if nobody has written since it was read. As
 * `If-Match` does in HTTP, `update … where version = ?` in SQL, a transaction of anything. A `write`
 * that overwrites whatever is there by then could not be fenced.
 */
export interface Register<T, S extends FencedState<T> = FencedState<T>> {
  /** The present state, with whatever `write` needs to know it again; `undefined` or `null` if there is none. */
  read(): S | null | undefined | PromiseLike<S | null | undefined>
  /**
   * Writes `next` if the state is still the one that `read` answered, atomically.
   * @param seen what `read` answered
   * @returns whether it was written
   */
  write(next: FencedState<T>, seen: S | null | undefined): boolean | PromiseLike<boolean>
}

/** A value that is written on behalf of holds of one lock. */
export interface FencedRegister<T> {
  read(): Promise<T | undefined>
  /**
   * @throws (rejects) StaleFenceError if a higher fence was seen here; TypeError for a hold without
   *   one; what the store's own `read` and `write` reject with
   */
  write(hold: FencedHold, value: T): Promise<void>
  /**
   * Reads and writes in one: nobody else can have written in between. Rejects as `write`.
   * @param change may be called again if somebody did; must not be asynchronous
   * @returns what was written
   */
  update(hold: FencedHold, change: (value: T | undefined) => T): Promise<T>
  /** The fence that was seen last here, the highest so far; 0 if there was none. */
  highestFence(): Promise<number>
}

/** How often in a row somebody else may have been faster. Only holders of one lock write. */
const mostTries = 100

export class FencedValue<T, S extends FencedState<T>> implements FencedRegister<T> {
  constructor(readonly register: Register<T, S>) {
    for (const method of ['read', 'write'] as const) {
      if (typeof register[method] === 'function') continue
      refuse(method, 'be a function', register[method])
    }
  }

  async read(): Promise<T | undefined> {
    return (await this.register.read())?.value
  }

  async write(hold: FencedHold, value: T): Promise<void> {
    await this.update(hold, () => value)
  }

  async update(hold: FencedHold, change: (value: T | undefined) => T): Promise<T> {
    const fence = checkFence(hold)
    for (let tries = 0; tries < mostTries; tries++) {
      const seen = await this.register.read()
      const highest = fenceOf(seen)
      if (fence < highest) throw stale(hold, highest)
      const value = change(seen?.value)
      const written: unknown = await this.register.write({ value, fence }, seen)
      if (written === true) return value
      if (written !== false) refuse('write', 'answer whether it has written', written)
    }
    throw new TypeError(
      `write must take what read answers: it refused ${mostTries} times in a row, as if somebody else had written`,
    )
  }

  async highestFence(): Promise<number> {
    return fenceOf(await this.register.read())
  }
}

function fenceOf(state: FencedState<unknown> | null | undefined): number {
  if (state == null) return 0
  const { fence } = state
  if (!Number.isSafeInteger(fence) || fence < 0) refuse('state.fence', 'be a fencing token', fence)
  return fence
}
