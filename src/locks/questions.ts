/** Who stands in the way of a wait, and what others want to know of this agent. */

import { agentEntries } from './agent-entries'
import { TimeoutError } from './errors'
import { explain } from './explain'
import type { RequestInfo } from './ports/port'
import type { Space, TaskRecord } from './space'
import { answer, holds, queuesFor } from './who-holds'

/** The wire. `latchkey` is its version: messages of another one are ignored. */
export interface Question {
  readonly latchkey: 1
  readonly type: 'who'
  readonly id: string
  readonly name: string
}

/** A wait of one acquisition, or one that several callers share. */
export interface Waiter {
  readonly name: string
  readonly space: Space
  toString(): string
}

/** Rejects with the error of a wait that gave up. */
export async function explainTimeout(
  waiter: Waiter,
  timeout: number,
  entries: readonly RequestInfo[] = [...agentEntries(waiter.space)],
): Promise<never> {
  const { words, report } = await explain(waiter, entries)
  const wait = `timed out after ${timeout} ms waiting for ${waiter}`
  throw new TimeoutError(`${wait}: ${words}`, report)
}

/**
 * As `explainTimeout`, of a wait that several callers share.
 * @param alone on whose behalf it queues, if nobody else does by that place: it is in no one's way
 */
export function explainSharedWait(
  waiter: Waiter,
  timeout: number,
  alone: TaskRecord | undefined,
): Promise<never> {
  const entries = [...agentEntries(waiter.space)]
  const own = entries.find(({ held, task }) => !held && task === alone?.name)
  const others = entries.filter((entry) => entry !== own)
  return explainTimeout(waiter, timeout, others)
}

/** Answers other agents' questions for as long as the agent lives. */
export function answerQuestions(space: Space): void {
  const { strict } = space.ports
  strict.bus.listen((message) => {
    const question = message as Question
    if (question?.latchkey !== 1 || question.type !== 'who') return
    const stands = (name: string) => queuesFor(question.name, name) || holds(question.name, name)
    if (![...strict.live()].some(({ name }) => stands(name))) return
    answer(space, question)
  })
}
