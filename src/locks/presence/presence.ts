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
  /**
   * Calls back once, when the agent of this id is proven dead: it will not write again. Never on
   * a guess. An id that no living agent has is dead.
   * @returns what stops watching
   */
  watch(id: string, died: () => void): () => void
  /** This agent says farewell by itself: whoever watches it is told as if it had died. */
  leave(): void
}
