import 'fake-indexeddb/auto'
import { afterEach, expect, it, vi } from 'vitest'
import { createLocks } from '../../locks'
import { forgetCounters, openCounters } from './counters'
import { countersPrefix, whileCounting } from './kept-counters'

const locks = createLocks({ reach: 'realm' })
const one = `${countersPrefix}one`
const other = `${countersPrefix}other`
const strange = 'somebody else’s'

async function make(database: string): Promise<void> {
  const counters = await openCounters({ kind: 'stored', database }, 1)
  await counters.write(0, 1)
  counters.close()
}

const names = async () => (await indexedDB.databases()).map(({ name }) => name).sort()

afterEach(async () => {
  for (const database of [one, other, strange]) forgetCounters({ kind: 'stored', database })
  vi.restoreAllMocks()
  const { held, pending } = await locks.query()
  expect([...held, ...pending]).toEqual([])
})

it('a run deletes what one has left whose page is gone, and nothing else', async () => {
  await make(other)
  await make(strange)
  const seen = await whileCounting(one, locks, undefined, async () => {
    await make(one)
    await vi.waitFor(async () => expect(await names()).not.toContain(other))
    return names()
  })
  expect(seen).toEqual([one, strange])
})

it('a run leaves alone what another one counts in', async () => {
  await whileCounting(one, locks, undefined, async () => {
    await make(one)
    const query = vi.spyOn(locks, 'query')
    const listed = vi.spyOn(indexedDB, 'databases')
    await whileCounting(other, locks, undefined, async () => {
      // It has looked, and has asked who holds what.
      await vi.waitFor(() => expect(query).toHaveBeenCalled())
      await query.mock.results[0]?.value
      expect(listed).toHaveBeenCalledOnce()
      await make(other)
    })
    expect(await names()).toEqual([one, other])
    const counters = await openCounters({ kind: 'stored', database: one }, 1)
    expect(await counters.read(0)).toBe(1)
    counters.close()
  })
})

it('a run that fails holds no lock any more, and tells why', async () => {
  const run = whileCounting(one, locks, undefined, () => Promise.reject(new Error('no worker')))
  await expect(run).rejects.toThrow('no worker')
})

it('a run counts where databases cannot be listed, or locks cannot be had', async () => {
  const count = async () => 'counted'
  vi.spyOn(indexedDB, 'databases').mockRejectedValue(new Error('not here'))
  expect(await whileCounting(one, locks, undefined, count)).toBe('counted')
  const none = createLocks({ reach: 'network' })
  expect(await whileCounting(one, none, undefined, count)).toBe('counted')
})
