/** A program on real workers, one for each thread, with deadlock detection on. */

import type { Program } from '../../scenario'
import { memoryFor } from '../run-locks'
import { type Carrier, carriers } from '../support'
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
  options: PerformProgramOptions,
): Promise<RealProgramRun> {
  const { signal } = options
  signal?.throwIfAborted()
  // Chromium's own locks let nobody in when a waiting request is withdrawn, as a victim's is, before
  // somebody releases: over shared memory those behind it go on at once.
  const carrier = carriers().find(({ reach }) => reach === 'cluster') ?? carriers()[0]
  const why = whyNoRealProgram(program)
  if (!carrier || why) throw new Error(why ?? 'There are no locks for workers here.')
  const run = new ProgramRun(program, carrier, options)
  const abort = () => run.fail(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    return await run.play()
  } finally {
    signal?.removeEventListener('abort', abort)
    run.end()
  }
}

/** How far ahead the common start is, in ms: the message must have reached everybody. */
const lead = 60

class ProgramRun {
  readonly #program: Program
  readonly #carrier: Carrier
  readonly #options: PerformProgramOptions
  readonly #after: number
  readonly #workers: Worker[] = []
  readonly #marks: Mark[] = []
  readonly #ends: ThreadEnd[] = []
  readonly #outcome: Promise<RealProgramRun>
  #resolve: (run: RealProgramRun) => void = () => {}
  #reject: (reason: unknown) => void = () => {}
  #ready = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(program: Program, carrier: Carrier, options: PerformProgramOptions) {
    this.#program = program
    this.#carrier = carrier
    this.#options = options
    this.#after = options.after ?? 500
    this.#outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  play(): Promise<RealProgramRun> {
    const prefix = `program ${crypto.randomUUID()} `
    for (const thread of this.#program.threads.keys()) {
      const worker = this.#open()
      this.#workers.push(worker)
      worker.postMessage(this.#orderFor(thread, prefix))
    }
    return this.#outcome
  }

  fail(reason: unknown): void {
    this.#reject(reason)
  }

  end(): void {
    clearTimeout(this.#timer)
    for (const worker of this.#workers) worker.terminate()
  }

  #open(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<FromThread>) => this.#hear(data)
    worker.onmessageerror = () => this.fail(new Error('a worker sent what cannot be read'))
    worker.onerror = (event) => {
      // We tell it; nobody needs it as an uncaught error of the page besides.
      event.preventDefault()
      this.fail(new Error(event.message || 'the worker’s script did not load'))
    }
    return worker
  }

  #orderFor(thread: number, prefix: string): ToThread {
    const { name = '', statements = [] } = this.#program.threads[thread] ?? {}
    return {
      type: 'prepare',
      thread,
      name,
      statements,
      prefix,
      policy: this.#program.policy === 'go' ? 'phase-fair' : 'fifo',
      memory: memoryFor(this.#carrier.reach),
      turns: this.#options.turns[thread] ?? [],
      after: this.#after,
    }
  }

  #hear(message: FromThread): void {
    switch (message.type) {
      case 'ready':
        if (++this.#ready === this.#workers.length) this.#begin()
        return
      case 'mark':
        this.#marks.push(message.mark)
        this.#options.onProgress?.(this.#marks.length)
        return
      case 'end':
        this.#ends.push(message.end)
        if (this.#ends.length === this.#workers.length) this.#finish(undefined)
        return
      case 'failed':
        this.fail(new Error(message.message))
    }
  }

  #begin(): void {
    const at = performance.timeOrigin + performance.now() + lead
    for (const worker of this.#workers) worker.postMessage({ type: 'start', at } satisfies ToThread)
    const wait = this.#after + patience
    const lastTurn = Math.max(0, ...this.#options.turns.flat())
    this.#timer = setTimeout(() => this.#finish(wait), lead + lastTurn + wait)
  }

  #finish(givenUpAfter: number | undefined): void {
    const { mechanism } = this.#carrier
    const [marks, ends] = [this.#marks, this.#ends]
    this.#resolve(reportOf({ mechanism, marks, ends, givenUpAfter }))
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
