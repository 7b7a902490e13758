import type { ParticipantState } from '../../../perform/tabs'

/** What became of a participant, where that is not the usual. */
export function noteOf(state: ParticipantState): string | undefined {
  switch (state.kind) {
    case 'here':
      return undefined
    case 'opening':
      return 'opens…'
    case 'crashed':
      return 'crashed'
    case 'closed':
      return 'closed'
    case 'failed':
      return 'failed'
  }
}
