import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type PerformOptions, perform, type RealRun } from '../../../perform'
import { type Scenario, sevenSeconds } from '../../../scenario'
import { useStore } from '../../store'
import { runOf } from '../runs'

vi.mock('../../../perform', async (original) => ({
  ...(await original<typeof import('../../../perform')>()),
  perform: vi.fn(),
}))

const fresh = useStore.getInitialState()
beforeEach(() => useStore.setState(fresh, true))

const state = () => useStore.getState()
const simulated = runOf(sevenSeconds.scenario, 'go').events

function played(events = simulated): RealRun {
  return {
    scenario: sevenSeconds.scenario,
    policy: 'go',
    speed: 1,
    mechanism: 'web-locks',
    events,
    clockError: 0.1,
    lateness: { most: 1, total: 2 },
  }
}

describe('a real run', () => {
  it('tells its progress, then whether it agrees', async () => {
    vi.mocked(perform).mockImplementation(async (_scenario: Scenario, options: PerformOptions) => {
      const [first] = simulated
      if (first) options.onEvent?.(first)
      expect(state().realRun).toMatchObject({ kind: 'running', expected: simulated.length })
      return played()
    })
    await state().startRealRun()
    expect(state().realRun).toMatchObject({ kind: 'done', comparison: { agrees: true } })
  })

  it('keeps what had happened when it is cancelled', async () => {
    vi.mocked(perform).mockImplementation(async (_scenario, { onEvent, signal }) => {
      for (const event of simulated.slice(0, 3)) onEvent?.(event)
      state().cancelRealRun()
      signal?.throwIfAborted()
      return played()
    })
    await state().startRealRun()
    const { realRun } = state()
    expect(realRun.kind).toBe('cancelled')
    expect(realRun.kind !== 'none' && realRun.events).toHaveLength(3)
  })

  it('says why it failed', async () => {
    vi.mocked(perform).mockRejectedValue(new Error('The worker of Reader 1 did not load.'))
    await state().startRealRun()
    expect(state().realRun).toMatchObject({
      kind: 'failed',
      why: 'The worker of Reader 1 did not load.',
    })
  })

  it('is not begun under a policy that the library does not have', async () => {
    vi.mocked(perform).mockClear()
    state().choosePolicy('readers-first')
    await state().startRealRun()
    expect(perform).not.toHaveBeenCalled()
  })

  it('is judged against what was played, whatever is shown by then', async () => {
    vi.mocked(perform).mockImplementation(async () => {
      state().type('Other: write at 1s for 1s')
      return played()
    })
    await state().startRealRun()
    expect(state().realRun).toMatchObject({
      kind: 'done',
      scenario: sevenSeconds.scenario,
      comparison: { agrees: true },
    })
  })
})
