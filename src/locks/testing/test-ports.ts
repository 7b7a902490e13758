/** Every port, and every pair of ports that can be put together, as they run in one process. */

import { createLockManager } from '../lock-manager'
import { MemoryPort } from '../ports/memory'
import { MintingCohortPort } from '../ports/minting-cohort'
import { MintingWebLocksPort } from '../ports/minting-web-locks'
import type { LockPort } from '../ports/port'
import { LedgerClock } from './ledger-clock'
import { LocalMemory } from './local-memory'
import { TestOrigin } from './test-origin'
import { VirtualClock } from './virtual-clock'

export interface TestPort {
  readonly port: LockPort
  /** The same without the cohort. */
  readonly strict: LockPort
  readonly clock: VirtualClock
  /** What the port stands on, seen by another agent. */
  readonly far: LockPort
}

/** `navigator.locks` as one process can have it: the standard face over memory. */
function webLocks() {
  const clock = new LedgerClock()
  const browser = createLockManager({ port: new MemoryPort(clock, 'browser') })
  const open = () => new MintingWebLocksPort(browser, undefined, clock, [], () => clock.ledger)
  return { clock, far: open(), other: open() }
}

export const testPorts: Readonly<Record<string, () => TestPort>> = {
  memory() {
    const clock = new VirtualClock()
    const port = new MemoryPort(clock, 'me')
    return { port, strict: port, clock, far: port }
  },
  'web locks'() {
    const { clock, far, other } = webLocks()
    return { port: far, strict: far, clock, far: other }
  },
  'cohort over memory'() {
    const clock = new VirtualClock()
    const far = new MemoryPort(clock, 'far')
    return { port: testCohort(far, clock), strict: far, clock, far }
  },
  'cohort over web locks'() {
    const { clock, far, other } = webLocks()
    return { port: testCohort(far, clock), strict: far, clock, far: other }
  },
  'shared memory'() {
    const clock = new VirtualClock()
    const memory = new LocalMemory(clock)
    const [far, other] = [memory.attach(), memory.attach()]
    return { port: far, strict: far, clock, far: other }
  },
  'cohort over shared memory'() {
    const clock = new VirtualClock()
    const memory = new LocalMemory(clock)
    const [far, other] = [memory.attach(), memory.attach()]
    return { port: testCohort(far, clock), strict: far, clock, far: other }
  },
  'indexed db'() {
    const { clock, port, far } = indexedDb()
    return { port, strict: port, clock, far }
  },
  'cohort over indexed db'() {
    const { clock, port, far } = indexedDb()
    return { port: testCohort(port, clock), strict: port, clock, far }
  },
}

function indexedDb() {
  const origin = new TestOrigin()
  return { clock: origin.clock, port: origin.open().port, far: origin.open().port }
}

export function testCohort(far: LockPort, clock: VirtualClock, budget?: number): MintingCohortPort {
  const options = { clock, lifecycle: [], ...(budget === undefined ? {} : { budget }) }
  return new MintingCohortPort(new MemoryPort(clock), far, options)
}
