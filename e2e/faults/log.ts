/**
 * What a witness writes down, whoever it is: facts about holds, in the order in which they came to
 * be. It knows nothing of locks; `judge.ts` tells from it whether they excluded.
 */

export const kinds = ['overlap', 'ousted', 'conflict', 'lost', 'killed', 'thief'] as const

/**
 * - `overlap`: `hold` was inside when `other` entered;
 * - `ousted`: `hold`, inside by its own account, found `other` there, or nobody (0);
 * - `conflict`: `hold` wrote what it had made of a value that `other` has changed meanwhile;
 * - `lost`: the holder was told that it lost the lock;
 * - `killed`: from here on the agent of `hold` may be dead;
 * - `thief`: `hold` is about to take the lock from whoever holds it.
 */
export interface Entry {
  readonly kind: (typeof kinds)[number]
  readonly lane: number
  readonly hold: number
  readonly other: number
}

/** A hold's number tells whose it is. Agents count from 1 to 2,047. */
export const holdOf = (agent: number, serial: number): number => (agent << 20) | (serial & 0xfffff)
export const agentOf = (hold: number): number => hold >>> 20
