/** Who holds what and waits for what, in all agents. Latch only. */

import type { PortLockInfo, PortSnapshot } from '../port'
import type { Agents } from './agents'
import { isExclusive, kind, kindOf, name, node, slotOf } from './layout'
import type { Table } from './table'

export function snapshotOf({ words, names }: Table, agents: Agents): PortSnapshot {
  const held: PortLockInfo[] = []
  const pending: PortLockInfo[] = []
  for (const queue of names.all()) {
    const text = names.text(queue)
    const list = (first: number, wanted: number): PortLockInfo[] => {
      const infos: PortLockInfo[] = []
      for (let at = words.read(queue + first); at !== 0; at = words.read(at + node.after)) {
        const state = words.load(at)
        // What its agent has ended meanwhile is over.
        if (kindOf(state) !== wanted) continue
        const mode = isExclusive(state) ? 'exclusive' : 'shared'
        infos.push({ name: text, mode, clientId: agents.id(slotOf(state)) })
      }
      return infos
    }
    // The last one granted stands first.
    held.push(...list(name.holders, kind.held).reverse())
    pending.push(...list(name.first, kind.waiting))
  }
  return { held, pending }
}
