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
        const found = port.query().then(({ held }) => held.find((info) => info.name === name))
        resolve(found.then((info) => info?.clientId ?? '').finally(() => port.release(probe)))
      },
      refused() {},
      failed: reject,
      lost() {},
      describe: () => undefined,
    }
    if (port.acquire(probe) === 'granted') probe.granted()
  })
}
