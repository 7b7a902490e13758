/** Checks of what callers pass in. Each names the argument and its value, before anything changes. */

import { show } from './show'

/** How long and for what a wait goes on. */
export interface WaitOptions {
  /** Gives the wait up when it aborts; the wait rejects with `signal.reason`. Ignored once granted. */
  readonly signal?: AbortSignal | undefined
  /**
   * The longest wait, in ms; `Infinity` by default. 0 does not wait at all. Time in the queue
   * only: a hold may last as long as it likes. Rejects with `TimeoutError`.
   */
  readonly timeout?: number | undefined
  /**
   * What to do when the task already holds the lock: reject with `ReentrancyError` (default),
   * or wait, which ends only if somebody else releases that hold.
   */
  readonly reentrant?: 'reject' | 'wait' | undefined
}

/** How long a thread may be blocked. */
export interface BlockOptions {
  /**
   * The longest wait, in ms; `Infinity` by default, for which somebody must watch over the death
   * of holders. 0 does not wait at all. Throws `TimeoutError`.
   */
  readonly timeout?: number | undefined
}

/**
 * `bounded` (default): passed on inside the agent, others wait at most for the budget.
 * `strict`: the mechanism's own order everywhere, one trip to it for each acquisition.
 */
export type Fairness = 'bounded' | 'strict'

export const fairnesses = ['bounded', 'strict'] as const

/** What an RW lock's queue is called for waiting writers: reserved, so refused in other names. */
export const writerGateSuffix = '!w'

export function refuse(argument: string, must: string, value: unknown, Kind = TypeError): never {
  throw new Kind(`${argument} must ${must}, got ${show(value)}`)
}

export function checkName(argument: string, name: unknown): asserts name is string {
  if (typeof name !== 'string' || name === '') refuse(argument, 'be a non-empty string', name)
  if (name.startsWith('-') || name.endsWith(writerGateSuffix)) {
    const must = `not start with '-' or end with '${writerGateSuffix}' (reserved)`
    refuse(argument, must, name, RangeError)
  }
}

export function checkFunction(argument: string, value: unknown): void {
  if (typeof value !== 'function') refuse(argument, 'be a function', value)
}

export function checkBoolean(argument: string, value: unknown): void {
  if (typeof value !== 'boolean') refuse(argument, 'be true or false', value)
}

export function checkChoice<T extends string>(
  argument: string,
  value: unknown,
  choices: readonly T[],
): asserts value is T {
  if (!choices.includes(value as T)) {
    refuse(argument, `be one of ${choices.map(show).join(', ')}`, value)
  }
}

export function checkNumber(argument: string, value: unknown, least: number, most: number): void {
  if (typeof value !== 'number') refuse(argument, 'be a number', value)
  if (!(value >= least && value <= most)) {
    refuse(argument, `be between ${least} and ${most}`, value, RangeError)
  }
}

export function checkObject(argument: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) refuse(argument, 'be an object', value)
}

export function checkOptions(value: unknown): void {
  if (value !== undefined) checkObject('options', value)
}

export function checkBlock(options: BlockOptions | undefined): void {
  checkOptions(options)
  const timeout = options?.timeout
  if (timeout !== undefined) checkNumber('timeout', timeout, 0, Number.POSITIVE_INFINITY)
}

export function checkWait(options: WaitOptions): void {
  checkObject('options', options)
  const { signal, timeout, reentrant } = options
  if (timeout !== undefined) checkNumber('timeout', timeout, 0, Number.POSITIVE_INFINITY)
  if (reentrant !== undefined) checkChoice('reentrant', reentrant, ['reject', 'wait'])
  // By what is needed of it: a signal of another realm is as good.
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    refuse('signal', 'be an AbortSignal', signal)
  }
}
