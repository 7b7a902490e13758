/** A wait that either of two signals ends. `AbortSignal.any` is missing in Safari before 17.4. */

export async function withSignal<T>(
  own: AbortSignal,
  users: AbortSignal | undefined,
  wait: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (users === undefined) return wait(own)
  const both = new AbortController()
  const abort = () => both.abort((users.aborted ? users : own).reason)
  if (users.aborted) abort()
  const signals = [own, users]
  for (const signal of signals) signal.addEventListener('abort', abort)
  try {
    return await wait(both.signal)
  } finally {
    // The user's signal may live on for long.
    for (const signal of signals) signal.removeEventListener('abort', abort)
  }
}
