/**
 * The page's end of an exploring worker: one worker for each exploration, so that an abort can
 * end it at once, whatever it is doing.
 */

import { assertProgram, type Program } from '../scenario'
import type { Exploration, ExploreOptions } from './exploration/types'
import type { FromExplorer, PlainExploreOptions, ToExplorer } from './explore-protocol'
import type { TimedOptions, TimedReport } from './timed'

/** Something that answers as the worker does: tests bring their own. */
export interface ExplorerWorker {
  postMessage(message: ToExplorer): void
  terminate(): void
  onmessage: ((event: MessageEvent<FromExplorer>) => void) | null
  onmessageerror: ((event: MessageEvent) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

function openWorker(): ExplorerWorker {
  return new Worker(new URL('./explore-worker.ts', import.meta.url), { type: 'module' })
}

/**
 * As `explore`, in a worker. Rejects with `signal.reason`, on which the worker is terminated;
 * with a `RangeError` for a program beyond the limits or an option that makes no sense; with an
 * `Error` when the worker does not start or fails.
 *
 * @example
 * const pause = new Pause()
 * const exploration = await exploreInWorker(program, { pause, signal, onProgress })
 */
export function exploreInWorker(
  program: Program,
  { limit, samples, seed, overtaking, pause, signal, onProgress }: ExploreOptions = {},
  open: () => ExplorerWorker = openWorker,
): Promise<Exploration> {
  const options: PlainExploreOptions = { limit, samples, seed, overtaking }
  return inWorker<Exploration>(program, { type: 'explore', program, options }, signal, open, {
    begun: (worker) => {
      const tell = (paused: boolean) => worker.postMessage({ type: paused ? 'pause' : 'resume' })
      if (pause?.paused) tell(true)
      return pause?.subscribe(tell)
    },
    heard: (message) => {
      if (message.type === 'progress') onProgress?.(message.progress)
      return message.type === 'explored' ? message.exploration : undefined
    },
  })
}

/** As `simulateTimed`, in a worker. */
export function simulateInWorker(
  program: Program,
  { runs, seed, signal, onProgress }: TimedOptions = {},
  open: () => ExplorerWorker = openWorker,
): Promise<TimedReport> {
  const options = { runs, seed }
  return inWorker<TimedReport>(program, { type: 'simulate', program, options }, signal, open, {
    begun: () => undefined,
    heard: (message) => {
      if (message.type === 'simulated') onProgress?.(message.done)
      return message.type === 'timed' ? message.report : undefined
    },
  })
}

interface Listener<Result> {
  /** What it answers is called at the end. */
  readonly begun: (worker: ExplorerWorker) => (() => void) | undefined
  /** The result, once it is there. */
  readonly heard: (message: FromExplorer) => Result | undefined
}

async function inWorker<Result>(
  program: Program,
  question: ToExplorer,
  signal: AbortSignal | undefined,
  open: () => ExplorerWorker,
  { begun, heard }: Listener<Result>,
): Promise<Result> {
  assertProgram(program)
  signal?.throwIfAborted()
  const worker = open()
  const end: (() => void)[] = [() => worker.terminate()]
  try {
    return await new Promise<Result>((resolve, reject) => {
      const abort = () => reject(signal?.reason)
      signal?.addEventListener('abort', abort, { once: true })
      end.push(() => signal?.removeEventListener('abort', abort))
      worker.onmessage = ({ data }) => {
        if (data.type === 'failed') {
          reject(data.range ? new RangeError(data.message) : new Error(data.message))
          return
        }
        const result = heard(data)
        if (result !== undefined) resolve(result)
      }
      worker.onmessageerror = () => reject(new Error('the explorer sent what cannot be read'))
      worker.onerror = (event) => {
        // We tell it; nobody needs it as an uncaught error of the page besides.
        event.preventDefault()
        reject(new Error(event.message || 'the explorer’s script did not load'))
      }
      worker.postMessage(question)
      const unsubscribe = begun(worker)
      if (unsubscribe) end.push(unsubscribe)
    })
  } finally {
    for (const each of end) each()
  }
}
