/** `Locks` over ports and a clock of the test's choice, which no other `Locks` shares. */

import { Locks } from '../create-locks'
import type { LockPort } from '../ports/port'
import { Space } from '../space'
import { testPorts } from './test-ports'
import type { VirtualClock } from './virtual-clock'

export interface TestLocks {
  readonly locks: Locks
  readonly port: LockPort
  readonly far: LockPort
  readonly clock: VirtualClock
}

/** @param name of `testPorts` */
export function testLocks(name = 'memory'): TestLocks {
  const make = testPorts[name]
  if (make === undefined) throw new Error(`no port is called ${name}`)
  const { port, far, strict, clock } = make()
  const reach = port.reach
  const space = new Space(reach, () => ({ bounded: port, strict }), clock)
  return { locks: new Locks(space), port, far, clock }
}
