/**
 * When nothing moves any more, in no agent and between none, without a clock: how else is a case
 * to tell a lock that waits from one that has not been told yet?
 *
 * The director asks each agent for what it believes, then the mechanism for its list of all agents'
 * requests, then each agent again. Whatever is under way shows as a difference: a request that was
 * not taken in yet, a release that has not been seen to, a grant or a loss that has not been told.
 * If list and beliefs agree, no belief has changed around the list, and no agent has work left for
 * the next turn of its event loop, there is nothing left that could happen by itself.
 */

import type { PortSnapshot } from '../../src/locks/ports/port'
import type { Agent, Look } from './protocol'

/** ms; far beyond what any engine needs, for what never comes to rest is a failure. */
const settleLimit = 10_000

export async function settle(
  agents: readonly Agent[],
  limit = settleLimit,
): Promise<readonly Look[]> {
  const [first] = agents
  if (first === undefined) throw new RangeError('nobody is there')
  const end = performance.now() + limit
  let before = await lookAt(agents)
  for (;;) {
    const list = foreground(await first.obey({ type: 'list' }))
    const looks = await lookAt(agents)
    const difference = differenceOf(list, looks)
    const moved = JSON.stringify(looks) !== JSON.stringify(before)
    if (difference === undefined && !moved && !looks.some(({ busy }) => busy)) return looks
    if (performance.now() > end) {
      throw new Error(`no rest after ${limit} ms: ${difference ?? 'agents still move'}`)
    }
    before = looks
  }
}

async function lookAt(agents: readonly Agent[]): Promise<readonly Look[]> {
  // What happens inside the director's own agent happens in microtasks.
  await turn()
  return Promise.all(agents.map((agent) => agent.obey({ type: 'look' })))
}

function differenceOf(list: PortSnapshot, looks: readonly Look[]): string | undefined {
  const live = looks.flatMap((look) => look.live)
  const entry = ({ name, mode }: { name: string; mode: string }) => JSON.stringify([name, mode])
  for (const held of [true, false]) {
    const listed = held ? list.held : list.pending
    const believed = live.filter((each) => each.held === held)
    const [theirs, ours] = [listed, believed].map((all) => all.map(entry).sort().join(' '))
    if (theirs !== ours) {
      return `${held ? 'held' : 'waiting'} by the list is [${theirs}], by the agents [${ours}]`
    }
  }
  return undefined
}

/** Without what the library itself holds, such as the proof of an agent's presence. */
export function foreground({ held, pending }: PortSnapshot): PortSnapshot {
  const ours = (list: PortSnapshot['held']) => {
    return list.filter(({ name }) => !name.startsWith('latchkey '))
  }
  return { held: ours(held), pending: ours(pending) }
}

/** One turn of the event loop: by then every microtask has run. */
export function turn(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}
