/** A program on real workers, one for each thread, with deadlock detection on. */

import type { Program } from '../../scenario'
import { memoryFor } from '../run-locks'
import { carriers } from '../support'
import type { FromThread, ToThread } from './protocol'
import type { Mark, RealProgramRun, ThreadEnd } from './types'

export interface PerformProgramOptions {
  /** When each step of each thread may begin, in ms since the start; further steps at once. */
  readonly turns: readonly (readonly number[])[]
  /** How long a wait may last before detection looks into it, in ms (default 500). */
  readonly after?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** How many marks have come. */
  readonly onProgress?: ((marks: number) => void) | undefined
}

/** How long beyond the last turn and `after` a wait is watched before the run is given up, in ms. */
const patience = 2_500

/** A sentence for the person who asks; `undefined` where real workers can play the program. */
export function whyNoRealProgram({ variables, threads }: Program): string | undefined {
  const touches = threads.some(({ statements }) =>
    statements.some(({ kind }) => kind === 'load' || kind === 'store'),
  )
  if (touches || variables.length > 0) {
    return 'Only simulated: it is about shared variables, and locks are what real runs show.'
  }
  if (typeof Worker === 'undefined') return 'There are no Web Workers here.'
  return carriers().length > 0 ? undefined : 'There are no locks for workers here.'
}

/**
 * Plays the program through the library. Rejects with `signal.reason`, or with an `Error` when a worker
 * fails or the program cannot be played; no worker of the run is left when the promise settles.
 */
export async function performProgram(
  program: Program,
  { turns, after = 500, signal, onProgress }: PerformProgramOptions,
): Promise<RealProgramRun> {
  signal?.throwIfAborted()
  // Chromium's own locks let nobody in when a waiting request is withdrawn, as a victim's is, before
  // somebody releases: over shared memory those behind it go on at once.
  const carrier = carriers().find(({ reach }) => reach === 'cluster') ?? carriers()[0]
  const why = whyNoRealProgram(program)
  if (!carrier || why) throw new Error(why ?? 'There are no locks for workers here.')
  const memory = memoryFor(carrier.reach)
  const prefix = `program ${crypto.randomUUID()} `
  const workers: Worker[] = []
  try {
    return await new Promise<RealProgramRun>((resolve, reject) => {
      const marks: Mark[] = []
      const ends: ThreadEnd[] = []
      let ready = 0
      let timer: ReturnType<typeof setTimeout> | undefined
      const finish = (givenUpAfter: number | undefined) => {
        clearTimeout(timer)
        resolve(reportOf({ mechanism: carrier.mechanism, marks, ends, givenUpAfter }))
      }
      const begin = () => {
        // Far enough ahead for the message to reach everybody.
        const at = performance.timeOrigin + performance.now() + 60
        for (const worker of workers) worker.postMessage({ type: 'start', at } satisfies ToThread)
        const wait = after + patience
        timer = setTimeout(() => finish(wait), 60 + Math.max(0, ...turns.flat()) + wait)
      }
      const hear = (message: FromThread) => {
        switch (message.type) {
          case 'ready':
            if (++ready === workers.length) begin()
            return
          case 'mark':
            marks.push(message.mark)
            onProgress?.(marks.length)
            return
          case 'end':
            ends.push(message.end)
            if (ends.length === workers.length) finish(undefined)
            return
          case 'failed':
            clearTimeout(timer)
            reject(new Error(message.message))
        }
      }
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
      const policy = program.policy === 'go' ? 'phase-fair' : 'fifo'
      for (const [thread, { name, statements }] of program.threads.entries()) {
        const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
        workers.push(worker)
        worker.onmessage = ({ data }: MessageEvent<FromThread>) => hear(data)
        worker.onerror = (event) => {
          // We tell it; nobody needs it as an uncaught error of the page besides.
          event.preventDefault()
          reject(new Error(event.message || 'the worker’s script did not load'))
        }
        worker.postMessage({
          type: 'prepare',
          thread,
          name,
          statements,
          prefix,
          policy,
          memory,
          turns: turns[thread] ?? [],
          after,
        } satisfies ToThread)
      }
    })
  } finally {
    for (const worker of workers) worker.terminate()
  }
}

type Raw = Omit<RealProgramRun, 'detectedAfter'>

/** Puts a run's marks in order, and says how long detection took. */
export function reportOf({ marks, ends, ...rest }: Raw): RealProgramRun {
  const byTime = (a: { readonly time: number }, b: { readonly time: number }) => a.time - b.time
  const ordered = [...marks].sort(byTime)
  const endings = [...ends].sort(byTime)
  const victim = endings.find(({ kind }) => kind === 'victim')
  const detectedAfter = victim && victim.time - lastWait(ordered, victim.time)
  return { ...rest, marks: ordered, ends: endings, detectedAfter }
}

/** When the youngest wait of those that lasted until `time` began. */
function lastWait(marks: readonly Mark[], time: number): number {
  const asked = new Map<number, number>()
  for (const mark of marks) {
    if (mark.time >= time) continue
    if (mark.kind === 'asks') asked.set(mark.thread, mark.time)
    if (mark.kind === 'has') asked.delete(mark.thread)
  }
  return Math.max(...asked.values())
}
