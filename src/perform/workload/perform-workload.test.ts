/** Runs that come to no end by themselves: the workers are hired, and say nothing. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { firstWorkload, type Workload } from '../../scenario'
import { cancelledThere } from '../cancel-wish'
import { performWorkload } from './perform-workload'
import type { WorkloadTabs } from './workload-tabs'

let hired: SilentWorker[] = []

class SilentWorker {
  ended = false
  constructor() {
    hired.push(this)
  }
  postMessage(): void {}
  terminate(): void {
    this.ended = true
  }
}

beforeEach(() => {
  hired = []
  vi.stubGlobal('Worker', SilentWorker)
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const workload: Workload = { ...firstWorkload, workers: 2, lock: { kind: 'none' } }

function tabsThatEnd() {
  const end = new AbortController()
  const opened = Promise.resolve([])
  const tabs: WorkloadTabs = { count: 0, opened, ended: end.signal, close: async () => {} }
  return { tabs, cancel: () => end.abort(cancelledThere()) }
}

it('is cancelled by whoever looks on in one of its tabs', async () => {
  const { tabs, cancel } = tabsThatEnd()
  const run = performWorkload(workload, { tabs })
  run.catch(() => {})
  await vi.waitFor(() => expect(hired).toHaveLength(2))
  cancel()
  await expect(run).rejects.toMatchObject({ name: 'AbortError' })
  expect(hired.every(({ ended }) => ended)).toBe(true)
})

it('does not begin in tabs that somebody has had enough of', async () => {
  const { tabs, cancel } = tabsThatEnd()
  cancel()
  await expect(performWorkload(workload, { tabs })).rejects.toMatchObject({ name: 'AbortError' })
  expect(hired).toEqual([])
})
