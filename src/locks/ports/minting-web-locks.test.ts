/** A browser that has given the lock to somebody else, and not yet said so. */

import { beforeEach, expect, test } from 'vitest'
import { LedgerClock } from '../testing/ledger-clock'
import { Probe } from '../testing/probe'
import { MintingWebLocksPort } from './minting-web-locks'

/** Grants everything at once, and lists what the test says. */
class Browser {
  readonly holders = new Map<string, string>()
  /** Called when it is asked who holds what. */
  queried = () => {}

  constructor(
    readonly clientId: string,
    readonly held: Map<string, string>,
  ) {}

  request(name: string, _options: LockOptions, callback: LockGrantedCallback<unknown>) {
    this.held.set(name, this.clientId)
    return Promise.resolve(callback({ name, mode: 'exclusive' }))
  }

  async query(): Promise<LockManagerSnapshot> {
    this.queried()
    const held = [...this.held].map(([name, clientId]) => ({ name, mode: 'exclusive', clientId }))
    return { held, pending: [] } as LockManagerSnapshot
  }
}

let clock: LedgerClock
let held: Map<string, string>

beforeEach(() => {
  clock = new LedgerClock()
  held = new Map()
})

function open(clientId: string): { port: MintingWebLocksPort; browser: Browser } {
  const browser = new Browser(clientId, held)
  const locks = browser as object as LockManager
  return { port: new MintingWebLocksPort(locks, undefined, clock, [], () => clock.ledger), browser }
}

async function hold(port: MintingWebLocksPort): Promise<Probe> {
  const probe = new Probe(port, 'x', {})
  probe.ask()
  await clock.settle()
  expect(probe.state).toBe('held')
  return probe
}

test('the holder that wakes up after the thief has minted gets nothing', async () => {
  const [frozen, thief] = [open('frozen'), open('thief')]
  const late = await hold(frozen.port)
  const next = await hold(thief.port)
  expect(await thief.port.mint(next, 1, 0)).toBe(1)
  expect(late.state).toBe('held')
  expect(await frozen.port.mint(late, 1, 0)).toBe(undefined)
  expect(await thief.port.mint(next, 1, 0)).toBeGreaterThan(1)
})

test('what is stolen in the midst of minting is seen', async () => {
  const [one, other] = [open('one'), open('other')]
  const probe = await hold(one.port)
  // Its own name is known from here on: only one query is left to come.
  expect(await one.port.mint(probe, 1, 0)).toBe(1)
  one.browser.queried = () => held.set('a', 'other')
  expect(await one.port.mint(probe, 1, 0)).toBe(undefined)
  const thief = await hold(other.port)
  expect(await other.port.mint(thief, 1, 0)).toBe(3)
})

test('an agent that could not learn its own name asks again for the next fence', async () => {
  const { port, browser } = open('one')
  const probe = await hold(port)
  browser.queried = () => {
    for (const name of held.keys()) if (name.startsWith('latchkey self')) held.delete(name)
  }
  await expect(port.mint(probe, 1, 0)).rejects.toThrow('was lost')
  browser.queried = () => {}
  expect(await port.mint(probe, 1, 0)).toBe(2)
})

test('what is let go of in the midst of minting has no fence', async () => {
  const { port, browser } = open('one')
  const probe = await hold(port)
  browser.queried = () => probe.state === 'held' && probe.release()
  expect(await port.mint(probe, 1, 0)).toBe(undefined)
})
