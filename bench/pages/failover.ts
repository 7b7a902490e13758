/** A leader whose tab is closed, and its successor in another one. */

import { createLocks } from '../../src/locks'

export type Led = 'ours' | 'raw'

export interface Failover {
  /** When the leader's page heard that it ends, and when its successor led: ms since the epoch. */
  readonly died: number
  readonly led: number
}

const now = () => performance.timeOrigin + performance.now()

/** Leads until the tab is closed, and says when that is. */
export async function lead(by: Led, name: string): Promise<void> {
  const bus = new BroadcastChannel(`bench ${name}`)
  addEventListener('pagehide', () => bus.postMessage(now()))
  if (by === 'ours') await createLocks().leader(name).campaign()
  else await holdRaw(name)
}

/** Resolves when it is held; for good. */
function holdRaw(name: string): Promise<void> {
  return new Promise((held) => {
    navigator.locks.request(name, () => {
      held()
      return new Promise(() => {})
    })
  })
}

/** Waits to lead, then gives it back. */
export async function succeed(by: Led, name: string): Promise<Failover> {
  const bus = new BroadcastChannel(`bench ${name}`)
  const death = new Promise<number>((resolve) => {
    bus.onmessage = ({ data }) => resolve(data)
  })
  const led = by === 'ours' ? await succeedOurs(name) : await navigator.locks.request(name, now)
  const died = await death
  bus.close()
  return { died, led }
}

async function succeedOurs(name: string): Promise<number> {
  const leader = createLocks().leader(name)
  await leader.campaign()
  const led = now()
  leader.resign()
  return led
}

/** Resolves once somebody waits for it. */
export async function queuedFor(name: string): Promise<void> {
  for (;;) {
    const { pending = [] } = await navigator.locks.query()
    if (pending.some((each) => each.name === name)) return
  }
}
