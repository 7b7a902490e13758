/**
 * Asks agents whether they are there. An answer says that one lived a moment ago; silence proves
 * nothing: it may be busy, frozen, or dead.
 */

import type { Clock } from '../../clock'

interface Asked {
  readonly missing: Set<string>
  readonly answered: () => void
}

export class RollCall {
  readonly #asked = new Set<Asked>()

  constructor(
    readonly clock: Clock,
    readonly call: (agents: readonly string[]) => void,
  ) {}

  /** Resolves with those that have not answered within `patience` ms: sooner if all have. */
  ask(agents: Iterable<string>, patience: number): Promise<readonly string[]> {
    return new Promise((resolve) => {
      const missing = new Set(agents)
      const finish = () => {
        stop()
        this.#asked.delete(asked)
        resolve([...missing])
      }
      const asked: Asked = { missing, answered: () => missing.size === 0 && finish() }
      const stop = this.clock.after(patience, finish)
      this.#asked.add(asked)
      this.call([...missing])
      asked.answered()
    })
  }

  /** It has answered, or need not any more. */
  present(agent: string): void {
    for (const { missing, answered } of [...this.#asked]) if (missing.delete(agent)) answered()
  }

  /** Nobody is waited for any longer. */
  end(): void {
    for (const { missing, answered } of [...this.#asked]) {
      missing.clear()
      answered()
    }
  }
}
