/**
 * Measures how late the machine is, knowing nothing of the library and nothing of `src/perform`:
 * its own timers, and raw Web Locks that nobody else wants. It stands for what a run needs of the
 * machine, so that neither of the two can excuse its own mistakes.
 */

import type { Control } from './perform-control'

/** What a calm machine needs for a timer, or for one lock and back, in ms. */
const ordinary = 2

let measuring = false
let late = 0

self.onmessage = ({ data }: MessageEvent<'begin' | 'end'>) => {
  if (data === 'begin') {
    measuring = true
    return
  }
  const control: Control = { late }
  postMessage(control)
  close()
}

function note(took: number): void {
  if (measuring && took > ordinary) late += took
}

for (;;) {
  const before = performance.now()
  await new Promise((resolve) => setTimeout(resolve, 5))
  const between = performance.now()
  note(between - before - 5)
  await navigator.locks.request(`control ${performance.timeOrigin}`, () => {})
  note(performance.now() - between)
}
