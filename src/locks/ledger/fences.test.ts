import { beforeEach, expect, test } from 'vitest'
import { LedgerClock } from '../testing/ledger-clock'
import { mintIn } from './fences'
import type { Ledger } from './ledger'

let ledger: Ledger

beforeEach(() => {
  ledger = new LedgerClock().ledger
})

const mint = (name: string, count = 1, floor = 0) => {
  return ledger.transact('readwrite', (rows) => mintIn(rows, name, count, floor))
}

/** As many names as are asked for, each with the fence of its number. */
function fill(names: number): Promise<void> {
  return ledger.transact('readwrite', (rows) => {
    for (let i = 1; i <= names; i++) rows.put(i, `name ${i}`)
    return () => {}
  })
}

const rows = () => {
  return ledger.transact('readonly', (store) => {
    const count = store.count()
    return () => count.result
  })
}

test('each name counts for itself, from 1', async () => {
  expect([await mint('a'), await mint('a', 10), await mint('a')]).toEqual([1, 2, 12])
  expect(await mint('b')).toBe(1)
})

test('more names than there is room for are forgotten, and begin above all that was', async () => {
  await fill(10_000)
  expect(await mint('name 7')).toBe(8)
  expect(await rows()).toBe(10_000)
  expect(await mint('one more')).toBe(1)
  expect(await rows()).toBe(1)
  expect(await mint('name 3')).toBe(10_001)
  expect(await mint('name 3')).toBe(10_002)
  expect(await mint('never seen')).toBe(10_001)
})

test('a failure changes nothing', async () => {
  await mint('a', 5)
  const beyond = mint('a', 2, Number.MAX_SAFE_INTEGER - 1)
  await expect(beyond).rejects.toThrow('no fences are left above 9007199254740990')
  expect(await mint('a')).toBe(6)
})
