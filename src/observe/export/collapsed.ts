/**
 * Collapsed stacks, one to a line with its weight: what flamegraph.pl, inferno and speedscope read.
 * https://github.com/brendangregg/FlameGraph#2-fold-stacks
 */

import type { Recording } from '../recording'
import { type ChargeOptions, checkCharged, checkRecording } from './arguments'
import { wellFormed } from './plain-text'
import { lockName } from './slices'

/**
 * Writes waiting as collapsed stacks: the call site, if call sites were recorded, then the lock with
 * its mode, then the delay in whole microseconds. What was shorter than half of one is left out.
 * `;`, which separates frames, and control characters are written as in URLs (`%3B`).
 *
 * @param options `charged: 'waiter'` writes who waited instead of who stood in the way
 * @throws TypeError, RangeError for what is no recording
 * @example
 * const recorder = record(locks, { sample: 1 })
 * await cart.run(async () => { await save() })
 * console.log(collapsedStacks(recorder.recording(), { charged: 'waiter' }))
 * recorder.stop()
 */
export function collapsedStacks(recording: Recording, options: ChargeOptions = {}): string {
  checkRecording(recording)
  const charged = checkCharged(options)
  const delays = new Map<string, number>()
  for (const row of recording.contention) {
    if (row.charged !== charged) continue
    const frames = row.site === undefined ? [] : [row.site]
    const stack = [...frames, lockName(row)].map(plain).join(';')
    delays.set(stack, (delays.get(stack) ?? 0) + row.delay)
  }
  const lines = [...delays].map(([stack, delay]) => [stack, Math.round(delay * 1000)] as const)
  return lines
    .filter(([, micros]) => micros > 0)
    .map(([stack, micros]) => `${stack} ${micros}\n`)
    .join('')
}

/** What would end a frame or a line, and what looks like it once written so. */
const special = /[;\p{Cc}\u2028\u2029]|%(?=3B|[01]|7F|25|C2|E2)/gu

function plain(frame: string): string {
  return wellFormed(frame).replace(special, encodeURIComponent)
}
