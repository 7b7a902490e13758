/** Work that ends with the run it belongs to, and that a run does not wait for for ever. */

/**
 * The work's outcome, unless `end` is aborted before: then rejects with its reason. Work that fails, or takes
 * longer than `allowance` ms, aborts `end` itself; the latter with what `overdue` answers.
 */
export function bounded<T>(
  end: AbortController,
  allowance: number,
  overdue: () => Error,
  work: Promise<T>,
): Promise<T> {
  const { signal } = end
  return new Promise((resolve, reject) => {
    // A hidden page's timers may be a second late, which a bound can bear.
    const timer = setTimeout(() => end.abort(overdue()), allowance)
    const abort = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work
      .then(resolve, (error: unknown) => end.abort(error))
      .finally(() => {
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
      })
  })
}

/** A listener that throws must not end a run that others may watch. */
export function listenSafely(tell: () => void): void {
  try {
    tell()
  } catch (error) {
    reportError(error)
  }
}
