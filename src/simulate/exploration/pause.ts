/** A switch that stops an exploration for a while: it keeps what it has found, and uses no time. */
export class Pause {
  #paused = false
  readonly #listeners = new Set<(paused: boolean) => void>()

  get paused(): boolean {
    return this.#paused
  }

  pause(): void {
    this.#set(true)
  }

  resume(): void {
    this.#set(false)
  }

  /** Calls back at every change; the answer ends that. */
  subscribe(listener: (paused: boolean) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Resolves at once unless paused; rejects with the signal's reason. */
  async untilResumed(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    if (!this.#paused) return
    await new Promise<void>((resolve, reject) => {
      const abort = () => end(() => reject(signal?.reason))
      const unsubscribe = this.subscribe((paused) => {
        if (!paused) end(resolve)
      })
      const end = (settle: () => void) => {
        unsubscribe()
        signal?.removeEventListener('abort', abort)
        settle()
      }
      signal?.addEventListener('abort', abort, { once: true })
    })
  }

  #set(paused: boolean): void {
    if (this.#paused === paused) return
    this.#paused = paused
    for (const listener of [...this.#listeners]) listener(paused)
  }
}
