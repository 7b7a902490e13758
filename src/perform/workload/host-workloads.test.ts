/** A tab between a page and its workers: the ports are real, the workers are not. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { TabError } from '../tab-greeting'
import { type HostedRun, hostWorkloads } from './host-workloads'
import { type TabFailure, type ToTab, talkOver } from './protocol'

class FakeWorker {
  readonly told: { readonly message: unknown; readonly ports: readonly unknown[] }[] = []
  ended = false
  onerror: ((event: { preventDefault(): void; message: string }) => void) | undefined

  constructor() {
    workers.push(this)
  }
  postMessage(message: unknown, ports: readonly unknown[]): void {
    this.told.push({ message, ports })
  }
  terminate(): void {
    this.ended = true
  }
}

let workers: FakeWorker[] = []

beforeEach(() => {
  workers = []
  vi.stubGlobal('Worker', FakeWorker)
})
afterEach(() => {
  vi.unstubAllGlobals()
})

function setUp() {
  const { port1, port2 } = new MessageChannel()
  const gone = new AbortController()
  const shown: (HostedRun | undefined)[] = []
  hostWorkloads({ port: port2, gone: gone.signal }, (run) => shown.push(run))
  const tell = (message: ToTab, ports: MessagePort[] = []) => port1.postMessage(message, ports)
  const close = () => {
    gone.abort(new TabError('gone', ''))
    port1.close()
    port2.close()
  }
  return { page: port1, shown, tell, close }
}

it('gives each run a worker with a port of its own, and ends it with the run', async () => {
  const { shown, tell, close } = setUp()
  const join = (run: string) =>
    tell({ type: 'take part', run, title: `about ${run}` }, [new MessageChannel().port2])
  join('one')
  join('two')
  await vi.waitUntil(() => shown.length === 2)
  expect(shown).toEqual([{ title: 'about one' }, { title: 'about two' }])
  for (const { told } of workers) {
    expect(told).toEqual([{ message: talkOver, ports: [expect.any(MessagePort)] }])
  }
  tell({ type: 'over', run: 'one' })
  await vi.waitUntil(() => workers[0]?.ended)
  expect(workers.map(({ ended }) => ended)).toEqual([true, false])
  tell({ type: 'over', run: 'two' })
  await vi.waitUntil(() => shown.length === 3)
  expect(shown.at(-1)).toBeUndefined()
  expect(workers.map(({ ended }) => ended)).toEqual([true, true])
  close()
})

it('tells the page of a worker that fails, with its run', async () => {
  const { page, shown, tell, close } = setUp()
  const told = new Promise<TabFailure>((resolve) => {
    page.onmessage = ({ data }) => resolve(data)
  })
  tell({ type: 'take part', run: 'one', title: '' }, [new MessageChannel().port2])
  await vi.waitUntil(() => shown.length === 1)
  workers[0]?.onerror?.({ preventDefault() {}, message: '' })
  expect(await told).toEqual({
    type: 'worker failed',
    run: 'one',
    message: 'the worker’s script did not load',
  })
  close()
})

it('ends everything when the page has gone, and hears nothing of other runs', async () => {
  const { page, shown, tell, close } = setUp()
  page.postMessage({ type: 'host', threads: [] })
  page.postMessage(null)
  tell({ type: 'take part', run: 'one', title: '' }, [new MessageChannel().port2])
  await vi.waitUntil(() => shown.length === 1)
  close()
  expect(workers.map(({ ended }) => ended)).toEqual([true])
})
