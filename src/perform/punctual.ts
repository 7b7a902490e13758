/**
 * Waiting for a moment, punctually. Timers come a millisecond late, and more on a busy
 * machine; at ten times the speed that is 10 ms of the scenario for each section. So a timer
 * carries to a little before the moment, and short naps from there on.
 *
 * The moments are absolute, so that what one wait is late does not add to the next.
 */

export interface Waiting {
  /** Epoch ms, fine and steady. */
  now(): number
  /** For at least `delay` ms; rejects with `signal.reason` when it aborts. */
  sleep(delay: number, signal: AbortSignal): Promise<void>
  /** For at most `delay` ms, and hardly longer. */
  nap(delay: number): Promise<void>
  /** How long before a moment naps take over: they cannot be interrupted. */
  readonly near: number
}

/**
 * Resolves with how late it is then, in ms. A moment that has passed is not waited for.
 * Rejects with `signal.reason`.
 */
export async function waitUntil(
  moment: number,
  waiting: Waiting,
  signal: AbortSignal,
): Promise<number> {
  for (;;) {
    signal.throwIfAborted()
    const now = waiting.now()
    if (now >= moment) return now - moment
    const left = moment - now
    if (left > waiting.near) await waiting.sleep(left - waiting.near, signal)
    else await waiting.nap(left)
  }
}

/**
 * For a worker that has nothing else to do meanwhile. On isolated pages a nap blocks it, which
 * is exact and costs no processor time; nothing arrives during a nap, so naps are short.
 * Elsewhere it asks again with each turn of the event loop, which keeps one core busy for those
 * few milliseconds. Blocking for whole sections was ruled out: nobody could cancel them.
 *
 * Chromium does not throttle the timers of a hidden page's workers as it does the page's own,
 * so a run goes on there; the workers of a page that is frozen stand still with it. Where a
 * browser does slow hidden workers down, the lateness that the threads report says so.
 */
export function workerWaiting(): Waiting {
  const now = () => performance.timeOrigin + performance.now()
  if (typeof SharedArrayBuffer !== 'undefined') {
    const cell = new Int32Array(new SharedArrayBuffer(4))
    const nap = async (delay: number) => {
      Atomics.wait(cell, 0, 0, delay)
    }
    return { now, sleep, nap, near: 8 }
  }
  return { now, sleep, nap: turns(), near: 3 }
}

function sleep(delay: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort)
      resolve()
    }, delay)
    signal.addEventListener('abort', abort, { once: true })
  })
}

/** One turn of the event loop at a time: messages to oneself are not clamped, as timers are. */
function turns(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel()
  let wake: (() => void) | undefined
  port1.onmessage = () => wake?.()
  return () =>
    new Promise((resolve) => {
      wake = resolve
      port2.postMessage(null)
    })
}
