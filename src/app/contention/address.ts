/** What an address says of the page "Contention": one workload, or two beside each other. */

import { decodeWorkloadLink, encodeWorkloadLink, firstWorkload } from '../../scenario'
import type { PageAddress } from '../address'

export const contentionAddress: PageAddress = {
  instead: firstWorkload.title,
  linkOf: ({ contention: { a, b } }) => encodeWorkloadLink({ a, b }).slice(1),
  read: (link) => {
    const decoded = decodeWorkloadLink(link)
    if (decoded.kind !== 'ok') return decoded
    const { a, b } = decoded
    return { kind: 'ok', show: ({ contention }) => contention.show({ a, b }) }
  },
  reset: ({ contention }) => contention.show({ a: firstWorkload }),
  leave: ({ contention }) => contention.leave(),
  changeOf: ({ contention: now }, { contention: before }) => {
    if (now.a === before.a && now.b === before.b) return undefined
    // Another preset, or a second workload, is a step; a field that is changed amends it.
    const another =
      now.a.title !== before.a.title || (now.b === undefined) !== (before.b === undefined)
    return another ? 'step' : 'amendment'
  },
}
