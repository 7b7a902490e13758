/**
 * Whether another agent is still alive. Only proof counts: the agent's own presence, something the
 * engine takes away after its last instruction. That `terminate()` was called, that it did not
 * answer, or that time has passed proves nothing: a busy agent is alive.
 */
export interface Presence {
  /**
   * This agent, as others watch it: 16 hexadecimal digits, never used again. Others may watch it
   * once `ready` has resolved.
   */
  readonly id: string
  /** The presence is established. Rejects with `UnsupportedError` where it cannot be. */
  readonly ready: Promise<void>
  /** Whether it is established by now, for those who cannot wait for a promise. */
  readonly established: boolean
  /**
   * Resolves if the presence is taken away while the agent lives: the user cleared the site's
   * data, a stranger stole the lock. From then on others may believe this agent dead, so all that
   * it holds is lost.
   */
  readonly lost: Promise<void>
  /**
   * Calls back once, when the agent of this id is proven dead: it will not write again. Never on
   * a guess. An id that no living agent has is dead.
   * @returns what stops watching
   */
  watch(id: string, died: () => void): () => void
  /** This agent says farewell by itself: whoever watches it is told as if it had died. */
  leave(): void
}

/** 64 random bits: of a million agents, two share an id once in thirty million runs. */
export function newPresenceId(): string {
  const words = crypto.getRandomValues(new Uint32Array(2))
  return Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('')
}
