import { describe, expect, it } from 'vitest'
import { workerPausing } from './pausing'

const never = () => new AbortController().signal

describe('a pause', () => {
  it.each([0.3, 2, 5.5])('of %d ms is never shorter', async (ms) => {
    const { now, pause } = workerPausing()
    const start = now()
    await pause(ms, never())
    expect(now() - start).toBeGreaterThanOrEqual(ms)
  })

  it('of nothing lets only promises go on', async () => {
    const { pause } = workerPausing()
    let turned = false
    setImmediate(() => {
      turned = true
    })
    await pause(0, never())
    expect(turned).toBe(false)
  })

  it.each([0.5, 60_000])('of %d ms ends when its signal aborts', async (ms) => {
    const { pause } = workerPausing()
    const controller = new AbortController()
    const paused = pause(ms, controller.signal)
    controller.abort()
    await paused
    await pause(60_000, controller.signal)
  })
})
