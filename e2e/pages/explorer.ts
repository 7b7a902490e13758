/** A page that explores programs in a worker. */

import { dining, type Program, parseProgram } from '../../src/scenario'
import {
  type Exploration,
  exploreInWorker,
  findOutcomesInWorker,
  Pause,
  type Progress,
  simulateInWorker,
} from '../../src/simulate'

function philosophers(count: number): Program {
  const result = parseProgram(dining(count, 'left first'))
  if (result.kind === 'ok') return result.program
  throw new Error(result.errors[0]?.message)
}

/** Tests ask over a wire that knows no BigInt in older engines: numbers as text. */
function plain(exploration: Exploration) {
  const schedules = exploration.kind === 'exact' ? String(exploration.schedules) : 'drawn'
  const { kind, states, outcomes } = exploration
  return {
    kind,
    states,
    schedules,
    outcomes: outcomes.map((outcome) => ({
      kind: outcome.kind,
      probability: outcome.probability,
      shortest: outcome.shortest.schedule,
    })),
  }
}

const explorer = {
  async explore(count: number, options: { readonly limit?: number; readonly samples?: number }) {
    return plain(await exploreInWorker(philosophers(count), options))
  },

  find: (count: number) => findOutcomesInWorker(philosophers(count)),

  simulate: (count: number) => simulateInWorker(philosophers(count), { runs: 1_000, seed: 1 }),

  /** Aborts at the first sign of progress; how long the rejection took, and with what. */
  async abort() {
    const abort = new AbortController()
    let aborted = Number.NaN
    const onProgress = () => {
      aborted ||= performance.now()
      abort.abort('enough')
    }
    try {
      await exploreInWorker(philosophers(7), { signal: abort.signal, onProgress })
      return { reason: 'none', ms: 0 }
    } catch (reason) {
      return { reason, ms: performance.now() - aborted }
    }
  },

  /** Pauses at the first progress; what was told in `ms` of pause, and what came of it. */
  async pause(ms: number) {
    const pause = new Pause()
    const told: Progress[] = []
    let paused: (() => void) | undefined
    const began = new Promise<void>((resolve) => {
      paused = resolve
    })
    const exploring = exploreInWorker(philosophers(6), {
      pause,
      onProgress: (progress) => {
        told.push(progress)
        if (told.length === 1) {
          pause.pause()
          paused?.()
        }
      },
    })
    await began
    const before = told.length
    await new Promise((resolve) => setTimeout(resolve, ms))
    const during = told.length - before
    pause.resume()
    return { during, after: plain(await exploring) }
  },

  async refuse() {
    try {
      await exploreInWorker(philosophers(2), { limit: -1 })
      return 'nothing'
    } catch (error) {
      return String(error)
    }
  },
}

declare global {
  interface Window {
    explorer: typeof explorer
  }
}

window.explorer = explorer
