import type { LockPort, PortRequest } from './port'

/**
 * What `query` calls this agent. Mechanisms do not tell: a lock that nobody else has does.
 */
export function clientIdOf(port: LockPort): Promise<string> {
  return new Promise((resolve, reject) => {
    const name = `latchkey self ${Math.random()}`
    const probe: PortRequest = {
      name,
      mode: 'exclusive',
      ifAvailable: false,
      slot: undefined,
      grantedAt: -1,
      granted() {
        const found = port.query().then(({ held }) => {
          const info = held.find((info) => info.name === name)
          // Taken away meanwhile, as from a page that goes into the back/forward cache.
          if (info === undefined) throw new Error('the lock that tells this agent its id was lost')
          return info.clientId
        })
        resolve(found.finally(() => port.release(probe)))
      },
      refused() {},
      failed: reject,
      lost() {},
      describe: () => undefined,
    }
    if (port.acquire(probe) === 'granted') probe.granted()
  })
}
