/** What is drawn of an acquisition: the whole, and in it the wait, then the hold. */

import { type Acquisition, type Outcome, waitOf } from './acquisitions'

/** Times are µs, as an acquisition's. */
export interface Slice {
  readonly what: 'lock' | 'wait' | 'hold'
  readonly name: string
  readonly start: number
  readonly end: number
}

const endings: Readonly<Record<Outcome, string>> = {
  release: '',
  lost: ': lost',
  abort: ': aborted',
  timeout: ': timed out',
  refuse: ': refused',
  deadlock: ': deadlock',
  open: ': goes on',
}

/** What contains another comes before it. An acquisition that had not to wait has no wait. */
export function slicesOf(acquisition: Acquisition): readonly Slice[] {
  const { asked, granted, start, end, outcome } = acquisition
  const wait = waitOf(acquisition)
  const ending = endings[outcome]
  const slices: Slice[] = [{ what: 'lock', name: lockName(acquisition), start, end }]
  if (granted === undefined) {
    if (asked !== undefined) slices.push({ what: 'wait', name: `wait${ending}`, start: asked, end })
  } else {
    if (wait > 0) slices.push({ what: 'wait', name: 'wait', start: granted - wait, end: granted })
    slices.push({ what: 'hold', name: `hold${ending}`, start: granted, end })
  }
  return slices
}

export function lockName({ lock, mode }: Pick<Acquisition, 'lock' | 'mode'>): string {
  return `${lock} (${mode})`
}
