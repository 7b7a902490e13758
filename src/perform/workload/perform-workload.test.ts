/** Runs that come to no end by themselves: the workers are hired, and say nothing. */

import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createLocks } from '../../locks'
import { firstWorkload, type Workload } from '../../scenario'
import { cancelledThere } from '../cancel-wish'
import { openCounters } from './counters'
import { countersPrefix } from './kept-counters'
import { performWorkload } from './perform-workload'
import type { WorkloadTabs } from './workload-tabs'

// No origin is here: this realm is one.
vi.mock('../../locks', async (original) => {
  const locks = await original<typeof import('../../locks')>()
  return { ...locks, createLocks: () => locks.createLocks({ reach: 'realm' }) }
})

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

it('begins without what a run has left whose page was closed, where no memory is shared', async () => {
  vi.stubGlobal('SharedArrayBuffer', undefined)
  const left = `${countersPrefix}left`
  const counters = await openCounters({ kind: 'stored', database: left }, 1)
  counters.close()
  const { tabs, cancel } = tabsThatEnd()
  const run = performWorkload(workload, { tabs })
  run.catch(() => {})
  await vi.waitFor(async () => expect(await indexedDB.databases()).toEqual([]))
  await vi.waitFor(() => expect(hired).toHaveLength(2))
  const holds = async () => (await createLocks().query()).held.map(({ name }) => name)
  expect(await holds()).toEqual([expect.stringMatching(/^counters of latchkey workload \w+$/)])
  cancel()
  await expect(run).rejects.toMatchObject({ name: 'AbortError' })
  expect(await holds()).toEqual([])
})
