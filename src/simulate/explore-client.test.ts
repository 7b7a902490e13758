/** The page's end of the exploring worker, over workers of the test's own. */

import { expect, test } from 'vitest'
import { parsed } from '../scenario/testing/parsed'
import { Pause } from './exploration/pause'
import type { Progress } from './exploration/types'
import { explore } from './explore'
import {
  type ExplorerWorker,
  exploreInWorker,
  findOutcomesInWorker,
  simulateInWorker,
} from './explore-client'
import type { FromExplorer, ToExplorer } from './explore-protocol'
import { simulateTimed } from './timed'
import { findOutcomes } from './verdict'

const program = parsed('thread A\nlock a\nlock b\nthread B\nlock b\nlock a')

class TestWorker implements ExplorerWorker {
  readonly heard: ToExplorer[] = []
  terminated = 0
  onmessage: ExplorerWorker['onmessage'] = null
  onmessageerror: ExplorerWorker['onmessageerror'] = null
  onerror: ExplorerWorker['onerror'] = null

  postMessage(message: ToExplorer): void {
    // As between real agents: what cannot be cloned throws here.
    this.heard.push(structuredClone(message))
  }

  terminate(): void {
    this.terminated++
  }

  say(message: FromExplorer): void {
    this.onmessage?.({ data: structuredClone(message) } as MessageEvent<FromExplorer>)
  }
}

function opened() {
  const worker = new TestWorker()
  return { worker, open: () => worker }
}

test('asks, tells progress, answers, and ends its worker', async () => {
  const { worker, open } = opened()
  const told: Progress[] = []
  const pause = new Pause()
  const onProgress = (progress: Progress) => told.push(progress)
  const asked = exploreInWorker(program, { limit: 50, pause, onProgress }, open)
  expect(worker.heard).toMatchObject([{ type: 'explore', program, options: { limit: 50 } }])
  worker.say({ type: 'progress', progress: { kind: 'exploring', states: 3, depth: 1 } })
  pause.pause()
  // Under way when the pause began.
  worker.say({ type: 'progress', progress: { kind: 'exploring', states: 4, depth: 1 } })
  pause.resume()
  const exploration = await explore(program)
  worker.say({ type: 'explored', exploration })
  expect(await asked).toEqual(exploration)
  expect(told).toHaveLength(1)
  expect(worker.terminated).toBe(1)
  pause.pause()
  expect(worker.heard.slice(1)).toEqual([{ type: 'pause' }, { type: 'resume' }])
})

test('one that begins paused says so at once', async () => {
  const { worker, open } = opened()
  const pause = new Pause()
  pause.pause()
  const asked = exploreInWorker(program, { pause }, open)
  expect(worker.heard.map(({ type }) => type)).toEqual(['explore', 'pause'])
  worker.say({ type: 'explored', exploration: await explore(program) })
  await asked
})

test('an abort ends the worker at once, and rejects with its reason', async () => {
  const { worker, open } = opened()
  const abort = new AbortController()
  const asked = exploreInWorker(program, { signal: abort.signal }, open)
  abort.abort('enough')
  await expect(asked).rejects.toBe('enough')
  expect(worker.terminated).toBe(1)
  const late = opened()
  const never = exploreInWorker(program, { signal: abort.signal }, late.open)
  await expect(never).rejects.toBe('enough')
  expect(late.worker.heard).toEqual([])
})

test.each([
  ['an option', (worker: TestWorker) => worker.say({ type: 'failed', range: true, message: 'no' })],
  [
    'a failure',
    (worker: TestWorker) => worker.say({ type: 'failed', range: false, message: 'no' }),
  ],
  ['what cannot be read', (worker: TestWorker) => worker.onmessageerror?.({} as MessageEvent)],
  [
    'a script that does not load',
    (worker: TestWorker) =>
      worker.onerror?.({ message: '', preventDefault: () => {} } as unknown as ErrorEvent),
  ],
])('%s rejects', async (what, fail) => {
  const { worker, open } = opened()
  const asked = exploreInWorker(program, {}, open)
  fail(worker)
  await expect(asked).rejects.toThrow(what === 'an option' ? RangeError : Error)
  expect(worker.terminated).toBe(1)
})

test('timed runs go the same way', async () => {
  const { worker, open } = opened()
  const told: number[] = []
  const onProgress = (done: number) => told.push(done)
  const asked = simulateInWorker(program, { runs: 10, seed: 2, onProgress }, open)
  const options = { runs: 10, seed: 2 }
  expect(worker.heard).toEqual([{ type: 'simulate', program, options }])
  worker.say({ type: 'simulated', done: 5 })
  const report = await simulateTimed(program, options)
  worker.say({ type: 'timed', report })
  expect(await asked).toEqual(report)
  expect(told).toEqual([5])
})

test('a verdict goes the same way', async () => {
  const { worker, open } = opened()
  const asked = findOutcomesInWorker(program, { limit: 50 }, open)
  expect(worker.heard).toMatchObject([{ type: 'find', program, options: { limit: 50 } }])
  const verdict = await findOutcomes(program)
  worker.say({ type: 'found', verdict })
  expect(await asked).toEqual(verdict)
})

test('a program beyond the limits needs no worker', async () => {
  const { worker, open } = opened()
  const none = { ...program, threads: [] }
  await expect(exploreInWorker(none, {}, open)).rejects.toThrow('needs a thread')
  expect(worker.heard).toEqual([])
})
