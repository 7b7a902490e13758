/** What an address says of the page "Seven seconds": scenario, policy and moment. */

import { decodeLink, encodeLink, sevenSeconds } from '../../scenario'
import type { PageAddress } from '../address'
import { start } from './moments'

export const labAddress: PageAddress = {
  instead: 'Seven seconds',
  linkOf: (state) => encodeLink(state).slice(1),
  read: (link) => {
    const decoded = decodeLink(link)
    return decoded.kind === 'ok' ? { kind: 'ok', show: ({ show }) => show(decoded) } : decoded
  },
  reset: ({ show }) => show({ ...sevenSeconds, moment: start }),
  leave: ({ play }) => play(false),
  changeOf: (state, before) => {
    const typed = state.draft !== undefined && state.draft !== before.draft
    if (state.policy !== before.policy) return 'step'
    if (state.scenario !== before.scenario) return typed ? 'amendment' : 'step'
    return state.moment === before.moment ? undefined : 'amendment'
  },
}
