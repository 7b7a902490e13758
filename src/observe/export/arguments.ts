/** Checks of what callers of exports pass in, before anything is written. */

import { checkChoice, checkObject, refuse } from '../../locks/arguments'
import type { ContentionRecord, Recording } from '../recording'

export interface ChargeOptions {
  /**
   * To whom waiting is charged: to who stood in the way (default; as Go's mutex profile), or to who
   * waited (as its block profile).
   */
  readonly charged?: ContentionRecord['charged'] | undefined
}

export const charges = ['releaser', 'waiter'] as const

/** A recording may come from a file. What else is wrong with it shows when it is written. */
export function checkRecording(recording: Recording): void {
  checkObject('recording', recording)
  const { format, version } = recording
  if (format !== 'latchkey-recording') {
    refuse('recording.format', "be 'latchkey-recording'", format)
  }
  if (version !== 1) refuse('recording.version', 'be 1', version, RangeError)
}

export function checkCharged(options: ChargeOptions): ContentionRecord['charged'] {
  checkObject('options', options)
  const { charged = 'releaser' } = options
  checkChoice('charged', charged, charges)
  return charged
}
