/**
 * The ports that the suite is held against, one line each: what an engine must have for one, and
 * how an agent opens it.
 */

import type { Clock } from '../../src/locks/clock'
import { broadcastBus } from '../../src/locks/ports/bus'
import { IndexedDbPort } from '../../src/locks/ports/indexed-db/indexed-db'
import { MemoryPort } from '../../src/locks/ports/memory'
import { MintingCohortPort } from '../../src/locks/ports/minting-cohort'
import { MintingWebLocksPort } from '../../src/locks/ports/minting-web-locks'
import type { LockPort, Reach } from '../../src/locks/ports/port'
import { createLockMemory } from '../../src/locks/ports/shared-memory/create-lock-memory'
import { SharedMemoryPort } from '../../src/locks/ports/shared-memory/shared-memory'
import { presenceMaker } from '../../src/locks/presence/presence-here'
import type { Quirk } from './quirks'

export interface OpenPort {
  /** What the suite is about. */
  readonly bounded: LockPort
  /** The mechanism alone: the same where there is no cohort. */
  readonly strict: LockPort
  /** Says farewell. */
  close?(): void
}

export interface Given {
  readonly clock: Clock
  readonly memory: SharedArrayBuffer | undefined
}

export interface PortRow {
  readonly reach: Reach
  /** What is missing here for it; `undefined` if nothing is. */
  lacks(): string | undefined
  /** What is missing here for its fences, if that is more. */
  lacksFences?(): string | undefined
  /** What the engine does otherwise than the standard says, and the port cannot hide. */
  readonly quirks?: readonly Quirk[]
  /** What the agents of one lock space share, made by one of them. */
  makeMemory?(): SharedArrayBuffer
  open(given: Given): OpenPort
}

const memory: PortRow = {
  reach: 'realm',
  lacks: () => undefined,
  open: ({ clock }) => alone(new MemoryPort(clock, 'self')),
}

const webLocks: PortRow = {
  reach: 'origin',
  quirks: ['withdrawal leaves the queue standing'],
  lacks: () => (globalThis.navigator?.locks === undefined ? 'navigator.locks' : undefined),
  lacksFences: lacksIndexedDb,
  open: ({ clock }) =>
    alone(
      new MintingWebLocksPort(navigator.locks, broadcastBus('conformance of web-locks'), clock),
    ),
}

const sharedMemory: PortRow = {
  reach: 'cluster',
  lacks() {
    if (globalThis.SharedArrayBuffer === undefined) return 'SharedArrayBuffer'
    return presenceMaker() === undefined ? 'proof of presence' : undefined
  },
  makeMemory: createLockMemory,
  open({ clock, memory }) {
    const presence = presenceMaker()
    if (memory === undefined || presence === undefined) throw new TypeError('no memory came along')
    const port = new SharedMemoryPort(memory, { clock, presence })
    return { ...alone(port), close: () => port.close() }
  },
}

const indexedDb: PortRow = {
  reach: 'origin',
  lacks: lacksIndexedDb,
  open: ({ clock }) => alone(new IndexedDbPort({ clock })),
}

function lacksIndexedDb(): string | undefined {
  return globalThis.indexedDB === undefined ? 'indexedDB' : undefined
}

function alone(port: LockPort): OpenPort {
  return { bounded: port, strict: port }
}

/** The same mechanism behind a cohort. */
function cohortOver(row: PortRow): PortRow {
  return {
    ...row,
    open(given) {
      const { strict, ...more } = row.open(given)
      return {
        ...more,
        strict,
        bounded: new MintingCohortPort(new MemoryPort(given.clock), strict, given),
      }
    },
  }
}

export const ports = {
  memory,
  'web-locks': webLocks,
  'cohort over web-locks': cohortOver(webLocks),
  'shared-memory': sharedMemory,
  'cohort over shared-memory': cohortOver(sharedMemory),
  'indexed-db': indexedDb,
  'cohort over indexed-db': cohortOver(indexedDb),
} satisfies Readonly<Record<string, PortRow>>

export type PortName = keyof typeof ports

export const portNames = Object.keys(ports) as readonly PortName[]
