/** The suite's own few assertions: it runs where no test framework does. */

/** Throws unless both say the same in JSON. Keys count in their order, `undefined` in lists as null. */
export function same(actual: unknown, expected: unknown, what = ''): void {
  const [is, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (is !== wanted) throw new Error(`${what && `${what}: `}expected ${wanted}, got ${is}`)
}

/** What a promise rejects with; throws if it does not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const [answer] = await Promise.allSettled([promise])
  if (answer.status === 'rejected') return answer.reason
  throw new Error(`expected a rejection, got ${JSON.stringify(answer.value)}`)
}

/** The name of what a call throws or rejects with, such as `TimeoutError`. */
export async function errorOf(act: () => unknown): Promise<string> {
  const error = await rejection((async () => act())())
  return nameOf(error)
}

/** By its name, for an error of another realm is no `instanceof` of ours. */
export function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error
    ? String(error.name)
    : `no error but ${String(error)}`
}

/** Asks again and again; the answer's own way sets the pace. Throws when it was asked too long. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`never came true: ${what}`)
  }
}

/** Rejects with what it was about when the time is up. Clears its timer in any case. */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: no end after ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

export function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
