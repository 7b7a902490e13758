/** Recording of everything that this page locks. */

import { type Recorder, record as recordLocks } from '../../src/observe'
import { locks } from './contenders'

let recorder: Recorder | undefined

/** Turns recording on. @param sample one in so many is recorded whole */
export function record(sample: number): void {
  recorder = recordLocks(locks, { sample })
}

/** What was counted: that it was on, and lost nothing. */
export function recorded(): { grants: number; releases: number; sampled: number } {
  const { locks, events, dropped } = recorder?.recording() ?? { locks: [], events: [], dropped: 0 }
  const sum = (of: 'grants' | 'releases') => locks.reduce((all, each) => all + each[of], 0)
  return {
    grants: sum('grants'),
    releases: sum('releases'),
    sampled: (events.length + dropped) / 3,
  }
}
