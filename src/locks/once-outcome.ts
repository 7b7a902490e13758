/** How a function ended, for its own agent and as it goes to others by structured cloning. */

import { show } from './show'

export type Outcome = { readonly value: unknown } | { readonly error: unknown }

export type PackedOutcome =
  | { readonly kind: 'value'; readonly value: unknown }
  | {
      readonly kind: 'error'
      readonly error: unknown
      /** What cloning takes from an error of a class of its own. */
      readonly name?: unknown
      readonly code?: unknown
    }
  /** It cannot be cloned, and this is why. */
  | { readonly kind: 'kept'; readonly reason: string }

export function pack(outcome: Outcome): PackedOutcome {
  if ('value' in outcome) return { kind: 'value', value: outcome.value }
  const { error } = outcome
  return { kind: 'error', error, ...(error instanceof Error ? marksOf(error) : {}) }
}

/** What is left of an outcome that could not be cloned. Never throws: getters of the user's may. */
export function packWithout(outcome: Outcome, reason: unknown): PackedOutcome {
  try {
    if ('error' in outcome && outcome.error instanceof Error) {
      const { error } = outcome
      return { kind: 'error', error: new Error(String(error.message)), ...marksOf(error) }
    }
  } catch {
    // Then not even this much of it.
  }
  return { kind: 'kept', reason: textOf(reason) }
}

function textOf(reason: unknown): string {
  try {
    return String(reason)
  } catch {
    return 'it cannot be read'
  }
}

export function unpack(name: string, packed: PackedOutcome): Outcome {
  switch (packed.kind) {
    case 'value':
      return { value: packed.value }
    case 'error':
      return { error: remark(packed.error, packed) }
    case 'kept': {
      const what = `the outcome of once(${show(name)}) cannot be sent from the agent that did the work`
      return { error: new TypeError(`${what}: ${packed.reason}`) }
    }
  }
}

/** Only what is a text or a number: anything else might not be cloned. */
function marksOf(error: Error & { readonly code?: unknown }): object {
  const { name, code } = error
  const marks = Object.entries({ name, code })
  return Object.fromEntries(marks.filter(([, mark]) => isMark(mark)))
}

function isMark(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number'
}

function remark(
  error: unknown,
  marks: { readonly name?: unknown; readonly code?: unknown },
): unknown {
  if (!(error instanceof Error)) return error
  const cloned = error as Error & { readonly code?: unknown }
  for (const mark of ['name', 'code'] as const) {
    const value = marks[mark]
    if (!isMark(value) || cloned[mark] === value) continue
    Object.defineProperty(error, mark, { value, configurable: true, writable: true })
  }
  return error
}
