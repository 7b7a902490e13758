/**
 * Pauses of a participant, many at once. Timers take at least 4 ms when they follow each other, and
 * whole milliseconds only: what is shorter is measured by turns of the event loop, which others can
 * use meanwhile. How long a pause really lasts is measured, not assumed.
 */

export interface Pausing {
  /** Epoch ms, fine and steady. */
  now(): number
  /** Until `ms` have passed, or at once when `signal` aborts; 0 lets only promises go on. */
  pause(ms: number, signal: AbortSignal): Promise<void>
  /** Lets messages and timers come through. */
  turn(): Promise<void>
}

/** Safari has none. */
declare const scheduler:
  | { postTask(callback: () => void, options: { readonly delay: number }): Promise<void> }
  | undefined

/** What timers can be trusted with, in ms. */
const leastTimer = 4

export function workerPausing(): Pausing {
  const now = () => performance.timeOrigin + performance.now()
  const turn = turns()
  const pause = async (ms: number, signal: AbortSignal) => {
    if (ms <= 0 || signal.aborted) return
    const end = now() + ms
    const whole = Math.floor(ms)
    if (whole >= leastTimer) await timer(whole, signal)
    else if (whole > 0 && typeof scheduler !== 'undefined' && 'postTask' in scheduler) {
      await scheduler.postTask(() => {}, { delay: whole })
    }
    while (now() < end && !signal.aborted) await turn()
  }
  return { now, pause, turn }
}

function timer(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timeout)
      signal.removeEventListener('abort', finish)
      resolve()
    }
    const timeout = setTimeout(finish, ms)
    signal.addEventListener('abort', finish)
  })
}

/** Messages to oneself are not clamped, as timers are. */
function turns(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel()
  const waiting: (() => void)[] = []
  port1.onmessage = () => waiting.shift()?.()
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve)
      port2.postMessage(null)
    })
}
