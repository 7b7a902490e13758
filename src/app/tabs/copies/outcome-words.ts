/** What came of a way to copy a lock, in words. Pure. */

import type { CopyOutcome } from '../../../perform/tabs'

export interface OutcomeWords {
  readonly verdict: string
  readonly good: boolean | undefined
  readonly said?: string
}

export function outcomeWords(outcome: CopyOutcome | undefined): OutcomeWords {
  switch (outcome?.kind) {
    case undefined:
      return { verdict: 'not tried yet', good: undefined }
    case 'refused':
      return { verdict: 'Refused', good: true, said: outcome.said }
    case 'no lock':
      return { verdict: 'Not a lock any more', good: true, said: outcome.said }
    case 'two locks':
      return {
        verdict: 'Two locks',
        good: false,
        said: 'While this page held it, the worker got it as well: a lock of reach “realm” ends where its page or worker ends. Same words, another lock.',
      }
    case 'one lock':
      return {
        verdict: 'One lock',
        good: true,
        said: 'While this page held it, the worker was refused; once this page had let go, the worker got it.',
      }
    case 'unclear':
      return { verdict: 'Unclear', good: false, said: outcome.said }
  }
}
