/** What an address says of the page "Deadlocks": program, schedule, and the place in it. */

import { decodeProgramLink, encodeProgramLink } from '../../scenario'
import type { PageAddress } from '../address'
import { firstProgram } from './catalogue/cases'
import { canRun } from './run'

export const deadlocksAddress: PageAddress = {
  instead: 'Recursive read lock',
  linkOf: ({ deadlocks: { program, schedule, position } }) =>
    encodeProgramLink({ program, schedule, at: position }).slice(1),
  read: (link) => {
    const decoded = decodeProgramLink(link)
    if (decoded.kind !== 'ok') return decoded
    const { program, schedule, at } = decoded
    if (!canRun(program, schedule)) {
      return { kind: 'broken', why: 'This link holds a schedule that cannot be run.' }
    }
    return {
      kind: 'ok',
      show: ({ deadlocks }) => deadlocks.show({ program, schedule, position: at }),
    }
  },
  reset: ({ deadlocks }) => deadlocks.show({ program: firstProgram }),
  leave: ({ deadlocks }) => deadlocks.leave(),
  changeOf: ({ deadlocks: now }, { deadlocks: before }) => {
    if (now.program !== before.program) {
      const typed = now.draft !== undefined && now.draft !== before.draft
      return typed ? 'amendment' : 'step'
    }
    return now.schedule === before.schedule && now.position === before.position
      ? undefined
      : 'amendment'
  },
}
