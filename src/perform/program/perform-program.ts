/** A program on real workers, one for each thread, with deadlock detection on. */

import type { Program } from '../../scenario'
import { type Carrier, carriers } from '../support'
import { ProgramRun } from './program-run'
import type { RealProgramRun } from './types'

export interface PerformProgramOptions {
  /** When each step of each thread may begin, in ms since the start; further steps at once. */
  readonly turns: readonly (readonly number[])[]
  /** How long a wait may last before detection looks into it, in ms (default 500). */
  readonly after?: number | undefined
  /**
   * The address of a page that calls `greetOpener` and `hostThreads`: it is opened in a second tab, whose
   * workers play every other thread. Then the call must come from a click.
   */
  readonly secondTab?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** How many marks have come. */
  readonly onProgress?: ((marks: number) => void) | undefined
}

/** A sentence for the person who asks; `undefined` where real workers can play the program. */
export function whyNoRealProgram({ variables }: Program): string | undefined {
  if (typeof Worker === 'undefined') return 'There are no Web Workers here.'
  if (variables.length > 0 && typeof SharedArrayBuffer === 'undefined') {
    return 'Only simulated: its threads share variables, and this page has no memory that workers could share.'
  }
  return carriers().length > 0 ? undefined : 'There are no locks for workers here.'
}

/** The same for a run in two tabs. */
export function whyNotInTwoTabs(program: Program): string | undefined {
  const why = whyNoRealProgram(program)
  if (why !== undefined) return why
  if (program.threads.length < 2) return 'It has one thread, which is in one tab.'
  return carrierOf(true) ? undefined : 'There are no locks here that reach another tab.'
}

/**
 * Plays the program through the library. Rejects with `signal.reason`, with `AbortError` when the second
 * tab's run is cancelled there, with `TabError` when that tab cannot be opened or goes, or with an `Error`
 * when a worker fails or the program cannot be played; no worker and no tab of the run is left when
 * the promise settles.
 */
export async function performProgram(
  program: Program,
  options: PerformProgramOptions,
): Promise<RealProgramRun> {
  const { signal, secondTab } = options
  signal?.throwIfAborted()
  const carrier = carrierOf(secondTab !== undefined)
  const why = secondTab === undefined ? whyNoRealProgram(program) : whyNotInTwoTabs(program)
  if (!carrier || why) throw new Error(why ?? 'There are no locks for workers here.')
  const run = new ProgramRun(program, carrier, options)
  const abort = () => run.fail(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    return await run.play()
  } finally {
    signal?.removeEventListener('abort', abort)
    await run.end()
  }
}

/**
 * Chromium's own locks let nobody in when a waiting request is withdrawn, as a victim's is, before
 * somebody releases: over shared memory those behind it go on at once. It does not reach another tab.
 */
function carrierOf(twoTabs: boolean): Carrier | undefined {
  const wanted = twoTabs ? 'origin' : 'cluster'
  const found = carriers().find(({ reach }) => reach === wanted)
  return found ?? (twoTabs ? undefined : carriers()[0])
}
