/**
 * A trace in Chrome's JSON format, for Perfetto (ui.perfetto.dev), chrome://tracing and speedscope.
 * The format: "Trace Event Format", docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 *
 * A page is a process, and an agent one or more threads of its page's: slices of one thread must nest,
 * and acquisitions of one agent overlap as they like.
 */

import type { Recording } from '../recording'
import { checkRecording } from './arguments'
import { json, jsonLines } from './plain-text'
import { Trace } from './trace-events'

/**
 * Writes a recording as a trace for Perfetto: for each agent its acquisitions as slices, in each the
 * wait, then the hold; for each of the 100 locks that were waited for longest a counter of its queue;
 * an arrow from a release to each grant it caused; a mark for second releases, acquisitions against
 * the order and deadlocks that were only reported; and where an agent may have missed events a slice
 * that says why. Time 0 is the recording's beginning.
 *
 * Which release caused a grant is known only if every acquisition was recorded (`sample: 1`), and
 * counters count what was recorded: with one acquisition in N, that one in N.
 *
 * @returns JSON, for a file that ends in `.json`
 * @throws TypeError, RangeError for what is no recording
 * @example
 * const recorder = record(locks, { sample: 1 })
 * await cart.run(async () => { await save() })
 * const file = new Blob([chromeTrace(recorder.recording())], { type: 'application/json' })
 * recorder.stop()
 */
export function chromeTrace(recording: Recording): string {
  checkRecording(recording)
  const { events, metadata } = new Trace(recording)
  // Stable: at one time, what contains another stays before it.
  const sorted = [...metadata, ...events.sort((a, b) => a.ts - b.ts)]
  const { from, sample, dropped } = recording
  const otherData = { writer: 'latchkey', from, sample, dropped }
  return `{"displayTimeUnit":"ms","otherData":${json(otherData)},"traceEvents":[
${jsonLines(sorted)}
]}
`
}
