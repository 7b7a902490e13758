/**
 * The page's end of an exploring worker: one worker for each exploration, so that an abort can
 * end it at once, whatever it is doing.
 */

import { assertProgram, type Program } from '../scenario'
import type { Exploration, ExploreOptions, Verdict } from './exploration/types'
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
  options: ExploreOptions = {},
  open: () => ExplorerWorker = openWorker,
): Promise<Exploration> {
  const question = { type: 'explore', program, options: plain(options) } as const
  return inWorker<Exploration>(
    question,
    options,
    open,
    listener(options, (message) => (message.type === 'explored' ? message.exploration : undefined)),
  )
}

/** As `findOutcomes`, in a worker. */
export function findOutcomesInWorker(
  program: Program,
  options: ExploreOptions = {},
  open: () => ExplorerWorker = openWorker,
): Promise<Verdict> {
  const question = { type: 'find', program, options: plain(options) } as const
  return inWorker<Verdict>(
    question,
    options,
    open,
    listener(options, (message) => (message.type === 'found' ? message.verdict : undefined)),
  )
}

function plain({ limit, samples, seed, overtaking }: ExploreOptions): PlainExploreOptions {
  return { limit, samples, seed, overtaking }
}

/** Hands pauses on and tells progress. */
function listener<Result>(
  { pause, onProgress }: ExploreOptions,
  resultOf: (message: FromExplorer) => Result | undefined,
): Listener<Result> {
  return {
    begun: (worker) => {
      const tell = (paused: boolean) => worker.postMessage({ type: paused ? 'pause' : 'resume' })
      if (pause?.paused) tell(true)
      return pause?.subscribe(tell)
    },
    heard: (message) => {
      // Some may have been under way when the pause began.
      if (message.type === 'progress' && !pause?.paused) onProgress?.(message.progress)
      return resultOf(message)
    },
  }
}

/** As `simulateTimed`, in a worker. */
export function simulateInWorker(
  program: Program,
  { runs, seed, signal, onProgress }: TimedOptions = {},
  open: () => ExplorerWorker = openWorker,
): Promise<TimedReport> {
  const question = { type: 'simulate', program, options: { runs, seed } } as const
  return inWorker<TimedReport>(question, { signal }, open, {
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
  question: Extract<ToExplorer, { program: Program }>,
  { signal }: Pick<ExploreOptions, 'signal'>,
  open: () => ExplorerWorker,
  { begun, heard }: Listener<Result>,
): Promise<Result> {
  assertProgram(question.program)
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
