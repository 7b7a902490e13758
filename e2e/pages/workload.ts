/** A page that performs workloads and says what came of them. */

import type { LockEvent } from '../../src/locks'
import { RealRunError, TabError } from '../../src/perform'
import type { OpenTab } from '../../src/perform/open-tab'
import {
  findCliff,
  openWorkloadTabs,
  performWorkload,
  runMapMutexCase,
  type WorkloadOutcome,
  type WorkloadProgress,
  type WorkloadTabs,
} from '../../src/perform/workload'
import type { MapMutexId, Workload } from '../../src/scenario'

const address = 'workload-tab.html'

export interface Performed {
  readonly outcome: WorkloadOutcome
  readonly events: readonly LockEvent[]
  readonly batches: number
  readonly progress: readonly WorkloadProgress[]
  /** What is held or waited for in the whole origin afterwards. */
  readonly left: readonly string[]
}

/**
 * A driven browser stops every new tab at its start; while it does, Chromium now and then lets the page open no
 * other ("The provided callback is no longer runnable"). People's browsers are not driven.
 */
function oneByOne(count: number): WorkloadTabs {
  const parts: WorkloadTabs[] = []
  const end = new AbortController()
  const open = async () => {
    const tabs: OpenTab[] = []
    while (parts.length < count) {
      const part = openWorkloadTabs(1, { address })
      parts.push(part)
      part.ended.addEventListener('abort', () => end.abort(part.ended.reason))
      tabs.push(...(await part.opened))
    }
    return tabs
  }
  const opened = open()
  return {
    count,
    opened,
    ended: end.signal,
    async close() {
      await opened.catch(() => {})
      await Promise.all(parts.map((part) => part.close()))
    },
  }
}

async function perform(workload: Workload): Promise<Performed> {
  const events: LockEvent[] = []
  const progress: WorkloadProgress[] = []
  let batches = 0
  const tabs = oneByOne(workload.tabs)
  try {
    const outcome = await performWorkload(workload, {
      tabs,
      onBatch: (batch) => {
        batches++
        events.push(...batch)
      },
      onProgress: (each) => progress.push(each),
    })
    return { outcome, events, batches, progress, left: await runLocksLeft() }
  } finally {
    await tabs.close()
  }
}

/** Of runs, not of tabs. */
async function runLocksLeft(): Promise<readonly string[]> {
  if (navigator.locks === undefined) return []
  const { held = [], pending = [] } = await navigator.locks.query()
  const names = [...held, ...pending].map(({ name }) => name ?? '')
  return names.filter((name) => name.startsWith('latchkey workload'))
}

/** Begins, and calls `then` once the run is as far as `when`; how it ended. */
async function interrupt(
  workload: Workload,
  when: 'at once' | 'starting' | 'running' | 'batch',
  then: 'cancel' | 'wait',
) {
  const controller = new AbortController()
  const reason = new Error('enough')
  const act = () => {
    if (then === 'cancel') controller.abort(reason)
    document.title = 'now'
  }
  const tabs = oneByOne(workload.tabs)
  const run = performWorkload(workload, {
    tabs,
    signal: controller.signal,
    onBatch: () => when === 'batch' && act(),
    onProgress: ({ kind }) => kind === when && act(),
  })
  if (when === 'at once') act()
  const outcome = await run.then(
    () => 'finished',
    (error: unknown) => (error === reason ? 'the reason' : failureOf(error)),
  )
  const left = await runLocksLeft()
  await tabs.close()
  return { outcome, left }
}

function failureOf(error: unknown) {
  if (error instanceof TabError || error instanceof RealRunError) {
    return `${error.name} ${error.code}: ${error.message}`
  }
  return String(error)
}

const lab = {
  perform,
  interrupt,
  async cliff(workload: Workload, stepMs: number) {
    const told: number[] = []
    const { steps, prediction } = await findCliff(workload, {
      stepMs,
      onStep: ({ load }) => told.push(load),
    })
    return { steps, told, saturation: prediction.saturation, left: await runLocksLeft() }
  },
  async mapMutex(id: MapMutexId) {
    const told: number[] = []
    const result = await runMapMutexCase(id, { onProgress: (done) => told.push(done) })
    return { result, told }
  },
  fail: (workload: Workload) => performWorkload(workload).then(() => 'finished', failureOf),
  /** As a browser does that blocks the second of two tabs. */
  async blocked(workload: Workload) {
    const { open } = window
    let opened = 0
    window.open = (...args) => (opened++ === 0 ? open.apply(window, args) : null)
    try {
      const tabs = openWorkloadTabs(workload.tabs, { address })
      const failure = await performWorkload(workload, { tabs }).then(() => 'finished', failureOf)
      await tabs.close()
      return failure
    } finally {
      window.open = open
    }
  },
}

declare global {
  var workloadLab: typeof lab
}

globalThis.workloadLab = lab
