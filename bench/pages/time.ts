/** Time in the pages. Moments are ms since the epoch, so that tabs can agree on them. */

/** Fine-grained; tabs of one machine agree to a fraction of a ms. */
export function now(): number {
  return performance.timeOrigin + performance.now()
}

/** Waits for a moment that the tabs agreed on, at the end without giving up the thread. */
export async function moment(at: number): Promise<void> {
  await sleep(Math.max(0, at - now() - 3))
  while (now() < at);
}

/** Holds the thread. */
export function work(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

declare const scheduler: {
  postTask(callback: () => void, options: { readonly delay: number }): Promise<void>
}

/** As `sleep`, but without the 4 ms that timers set by timers take at least. */
export function shortSleep(ms: number): Promise<void> {
  return scheduler.postTask(() => {}, { delay: ms })
}
