// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { firstWorkload, workloadPresets } from '../../scenario'
import type { FakeRun } from './testing/fake-perform'
import { randomRun } from './testing/random-run'

const runs: FakeRun[] = []

vi.mock('../../perform/workload', async (original) => {
  const { fakePerform } = await import('./testing/fake-perform')
  return {
    ...(await original<typeof import('../../perform/workload')>()),
    performWorkload: fakePerform((run) => runs.push(run)),
    openWorkloadTabs: vi.fn(() => ({
      count: 4,
      opened: Promise.resolve([]),
      ended: new AbortController().signal,
      close: () => Promise.resolve(),
    })),
  }
})

const { openWorkloadTabs } = await import('../../perform/workload')
const { useStore } = await import('../store')
const { contentionAction } = await import('./actions')
const { showSpan } = await import('./lanes/looking')

const fresh = useStore.getInitialState()
const page = () => useStore.getState().contention
const perform = (id: Parameters<typeof contentionAction>[0]) =>
  contentionAction(id).perform(useStore.getState())
const run = randomRun(3, { acquisitions: 200, agents: 4, locks: 1 })

beforeEach(() => {
  runs.length = 0
  vi.mocked(openWorkloadTabs).mockClear()
  useStore.setState({ ...fresh, page: 'contention' }, true)
})

async function finishRun(at = 0) {
  await vi.waitFor(() => expect(runs).toHaveLength(at + 1))
  runs[at]?.options.onBatch?.(run.events)
  runs[at]?.finish(run.events)
}

describe('a run', () => {
  it('fills lanes and figures, and its profile when it is over', async () => {
    page().run()
    expect(page().running.kind).toBe('running')
    await finishRun()
    await vi.waitFor(() => expect(page().running.kind).toBe('done'))
    const { a } = page().runs
    expect(a?.lanes?.agents).toEqual(['Worker 1', 'Worker 2', 'Worker 3', 'Worker 4', ...more(run)])
    expect(a?.lanes?.events).toBe(600)
    expect(a?.recording?.events).toHaveLength(600)
    expect(a?.recording?.contention[0]?.site).toMatch(/^worker-\d, write$/)
    expect(a?.outcome?.done).toBe(200)
  })

  it('is followed by B’s, on the same seed, never beside it', async () => {
    page().compare(true)
    page().type('a', { ...page().a, seed: 9 })
    expect(page().b?.seed).toBe(9)
    page().run()
    await finishRun()
    await vi.waitFor(() => expect(page().side).toBe('b'))
    expect(page().runs.a?.recording).toBeDefined()
    await finishRun(1)
    await vi.waitFor(() => expect(page().running.kind).toBe('done'))
    expect(runs.map(({ workload }) => workload.title)).toEqual([page().a.title, page().b?.title])
  })

  it('opens as many tabs as one of the two needs, at once', () => {
    page().show({ a: firstWorkload, b: { ...firstWorkload, tabs: 3 } })
    page().run()
    expect(openWorkloadTabs).toHaveBeenCalledExactlyOnceWith(3, expect.anything())
  })

  it('says why it failed, and what it was told until then stays', async () => {
    page().run()
    await vi.waitFor(() => expect(runs).toHaveLength(1))
    runs[0]?.options.onBatch?.(run.events)
    runs[0]?.fail(new Error('Worker 2 is gone'))
    await vi.waitFor(() =>
      expect(page().running).toEqual({ kind: 'failed', why: 'Worker 2 is gone' }),
    )
    expect(page().runs.a?.recording?.events).toHaveLength(600)
  })

  it('is cancelled, not failed, when one of its tabs had enough of it', async () => {
    page().run()
    await vi.waitFor(() => expect(runs).toHaveLength(1))
    runs[0]?.fail(new DOMException('Cancelled.', 'AbortError'))
    await vi.waitFor(() => expect(page().running).toEqual({ kind: 'cancelled' }))
  })

  it('ends when it is cancelled, when another workload is shown, and when the page is left', async () => {
    for (const end of [
      () => page().cancel(),
      () => page().show({ a: { ...firstWorkload, keys: 2 } }),
      () => page().leave(),
    ]) {
      runs.length = 0
      page().run()
      await vi.waitFor(() => expect(runs).toHaveLength(1))
      end()
      expect(runs[0]?.options.signal?.aborted).toBe(true)
      expect(page().running.kind).not.toBe('running')
    }
  })
})

describe('what is typed', () => {
  it('is taken over when it can be performed, and forgets what was measured of another', async () => {
    page().run()
    await finishRun()
    await vi.waitFor(() => expect(page().running.kind).toBe('done'))
    page().type('a', { ...page().a, workers: 99 })
    expect(page().a.workers).toBe(4)
    expect(page().drafts.a?.workers).toBe(99)
    expect(page().runs.a).toBeDefined()
    expect(contentionAction('run').enabled?.(useStore.getState())).toBe(false)
    page().run()
    expect(runs).toHaveLength(1)
    page().type('a', { ...page().a, workers: 2 })
    expect(page().drafts.a).toBeUndefined()
    expect(page().runs).toEqual({})
  })

  it.each(workloadPresets.map(({ id, workload }) => [id, workload]))(
    'of %s has a second one beside it',
    (_, workload) => {
      page().show({ a: workload })
      page().compare(true)
      const { b } = page()
      expect(b?.title).not.toBe(workload.title)
      if (b) page().type('b', { ...b, keys: b.keys + 1 })
      expect(page().drafts.b).toBeUndefined()
      expect(page().a).toBe(workload === page().a ? workload : page().a)
    },
  )
})

describe('moving about', () => {
  beforeEach(async () => {
    page().run()
    await finishRun()
    await vi.waitFor(() => expect(page().running.kind).toBe('done'))
  })

  it('zooms about what is chosen, and comes back', () => {
    perform('longest')
    const { selection } = page()
    expect(selection).toBeDefined()
    for (let press = 0; press < 6; press++) perform('zoom-in')
    const { view } = page()
    expect(view?.from).toBeLessThanOrEqual((selection?.from ?? 0) + 1000)
    expect((view?.to ?? 0) - (view?.from ?? 0)).toBeLessThan(20)
    perform('whole')
    expect(page().view).toBeUndefined()
  })

  it('goes from bar to bar and from lane to lane, never out of sight', () => {
    perform('next')
    const first = page().selection
    for (let press = 0; press < 30; press++) {
      perform('next')
      const { selection, view } = page()
      if (view) expect(selection?.from).toBeGreaterThanOrEqual(view.from)
      if (view) expect(selection?.from).toBeLessThanOrEqual(view.to)
    }
    expect(page().selection?.track).toBe(first?.track)
    perform('below')
    expect(page().selection?.track).not.toBe(first?.track)
    perform('above')
    expect(page().selection?.track).toBe(first?.track)
    showSpan(useStore.getState(), { track: 77, from: 0 })
    expect(page().selection?.track).toBe(first?.track)
  })
})

const more = ({ events }: typeof run) => [...new Set(events.map(({ agent }) => agent))]
