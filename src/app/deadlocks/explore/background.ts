/** Work in a worker for the page: one piece at a time, the newest one counts, and it can be ended. */

export type Background<Progress, Result> =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly progress: Progress | undefined }
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly why: string }

export interface Job<Progress> {
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

export interface Worker<Progress, Result> {
  readonly begin: (work: (job: Job<Progress>) => Promise<Result>) => void
  readonly cancel: () => void
}

export function background<Progress, Result>(
  show: (state: Background<Progress, Result>) => void,
): Worker<Progress, Result> {
  let running: AbortController | undefined
  return {
    begin: (work) => {
      running?.abort()
      const own = new AbortController()
      const { signal } = own
      running = own
      // What comes from a piece that was ended is of no interest any more.
      const tell = (state: Background<Progress, Result>) => {
        if (!signal.aborted) show(state)
      }
      const end = (state: Background<Progress, Result>) => {
        tell(state)
        if (running === own) running = undefined
      }
      tell({ kind: 'running', progress: undefined })
      work({ signal, onProgress: (progress) => tell({ kind: 'running', progress }) }).then(
        (result) => end({ kind: 'done', result }),
        (error: unknown) => end(wasCancelled(error) ? { kind: 'cancelled' } : failed(error)),
      )
    },
    cancel: () => {
      if (!running) return
      running.abort()
      running = undefined
      show({ kind: 'cancelled' })
    },
  }
}

/** From elsewhere than this page: here nobody waits for what was cancelled. */
export function wasCancelled(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

function failed(error: unknown) {
  return { kind: 'failed', why: error instanceof Error ? error.message : String(error) } as const
}
