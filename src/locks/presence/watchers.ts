/**
 * Who watches whom, for mechanisms where one proof of a death serves all who wait for it in this
 * agent. Nobody is called back after he has stopped watching, and nobody twice.
 */

export class Watchers {
  readonly #watched = new Map<string, Set<() => void>>()

  /** @param ask asks for the proof of this id; called for the first who watches it only. */
  add(id: string, died: () => void, ask: () => void): () => void {
    const known = this.#watched.get(id)
    const watchers = known ?? new Set()
    // A function of its own, so that one may watch twice.
    const watcher = () => died()
    watchers.add(watcher)
    if (known === undefined) {
      this.#watched.set(id, watchers)
      ask()
    }
    return () => watchers.delete(watcher)
  }

  died(id: string): void {
    const watchers = this.#watched.get(id) ?? new Set()
    this.#watched.delete(id)
    for (const watcher of [...watchers]) if (watchers.delete(watcher)) watcher()
  }
}
