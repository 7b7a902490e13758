import 'fake-indexeddb/auto'
import { afterEach, describe, expect, it } from 'vitest'
import {
  type CountedIn,
  type Counters,
  forgetCounters,
  openCounters,
  sharedCounters,
  sumOfCounters,
} from './counters'

let names = 0
const used: CountedIn[] = []
const stored = (): CountedIn => ({ kind: 'stored', database: `counters ${++names}` })

afterEach(() => {
  for (const each of used.splice(0)) forgetCounters(each)
})

describe.each([
  ['shared memory', () => sharedCounters(4)],
  ['a database', stored],
] as const)('counters in %s', (_, where) => {
  it('say what a write overwrote, which adds up to what they lack', async () => {
    const place = where()
    used.push(place)
    const one = await openCounters(place, 4)
    const other = await openCounters(place, 4)
    let [writes, lost] = [0, 0]
    const write = async (counters: Counters, key: number, seen: number) => {
      const before = await counters.write(key, seen + 1)
      writes++
      lost += before - seen
    }
    // The same value is read three times, and written after each other: two updates are lost.
    const seen = await Promise.all([one.read(2), other.read(2), one.read(2)])
    await write(other, 2, seen[1])
    await write(one, 2, seen[0])
    await write(one, 2, seen[2])
    // In turn nothing is.
    for (const counters of [one, other, one]) await write(counters, 3, await counters.read(3))
    // An old value takes back what others have written since.
    const old = await one.read(0)
    await write(other, 0, await other.read(0))
    await write(other, 0, await other.read(0))
    await write(one, 0, old)
    expect([await one.read(2), await one.read(3), await one.read(0)]).toEqual([1, 3, 1])
    expect(lost).toBe(4)
    expect(await sumOfCounters(place)).toBe(writes - lost)
    one.close()
    other.close()
  })
})

describe('counters of one’s own', () => {
  it('are nobody else’s', async () => {
    const [one, other] = [
      await openCounters({ kind: 'own' }, 2),
      await openCounters({ kind: 'own' }, 2),
    ]
    await one.write(1, 5)
    expect([await one.read(1), await other.read(1)]).toEqual([5, 0])
    await expect(sumOfCounters({ kind: 'own' })).rejects.toThrow(TypeError)
  })
})

it('a forgotten database is gone', async () => {
  const place = stored()
  const counters = await openCounters(place, 1)
  await counters.write(0, 1)
  forgetCounters(place)
  const again = await openCounters(place, 1)
  expect(await again.read(0)).toBe(0)
  again.close()
  forgetCounters(place)
})
