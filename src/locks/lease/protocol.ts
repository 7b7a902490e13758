/** What agents say to each other of leases. `latchkey` is its version: others are not heard. */

/** Who keeps up one of these leases? */
export interface Question {
  readonly latchkey: 1
  readonly type: 'lease'
  readonly id: string
  readonly leases: readonly string[]
}

export interface Answer {
  readonly latchkey: 1
  readonly type: 'lease answer'
  /** Of the question. */
  readonly id: string
  /** One of them is kept up. */
  readonly lives: boolean
  /** These are not: they may be taken. */
  readonly lapsed: readonly string[]
}

export function isQuestion(message: unknown): message is Question {
  const { latchkey, type } = (message ?? {}) as Partial<Question>
  return latchkey === 1 && type === 'lease'
}

export function isAnswer(message: unknown): message is Answer {
  const { latchkey, type } = (message ?? {}) as Partial<Answer>
  return latchkey === 1 && type === 'lease answer'
}
