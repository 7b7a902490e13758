import { expect, it } from 'vitest'
import type { LocksView, PartyView } from '../locks'
import { lockRows, mostLocks, mostWaiters } from './lock-rows'

function party(task: string, since: number, more: Partial<PartyView> = {}): PartyView {
  return {
    ...{ agent: 'me', task, mode: 'exclusive', since },
    ...{ own: true, kind: 'latchkey', silent: false, ...more },
  }
}

function view(locks: LocksView['locks']): LocksView {
  const agents = [
    { agent: 'me', title: 'Shop', own: true, silent: false },
    { agent: 'other', title: 'Cart', own: false, silent: false },
  ]
  return { time: 0, locks, agents, omitted: 0 }
}

const settings = { filter: '', threshold: 1000, now: 5000 }

it('puts the locks with long waits first and marks these waits alone', () => {
  const { rows } = lockRows(
    view([
      { name: 'a', holders: [party('holder', 0)], waiters: [party('new', 4001)] },
      { name: 'b', holders: [], waiters: [party('old', 4000), party('new', 4001)] },
    ]),
    settings,
  )
  expect(rows.map(({ name, late }) => [name, late])).toEqual([
    ['b', true],
    ['a', false],
  ])
  expect(rows.flatMap(({ parties }) => parties.map(({ late }) => late))).toEqual([
    true,
    false,
    false,
    false,
  ])
})

it('says whose they are', () => {
  const waiters = [
    party('mine', 0),
    party('theirs', 0, { agent: 'other', own: false }),
    party('', 0, { agent: 'client-of-nobody', own: false, kind: 'unknown' }),
  ]
  const { rows } = lockRows(view([{ name: 'a', holders: [], waiters }]), settings)
  expect(rows[0]?.parties.map(({ where }) => where)).toEqual(['this page', 'Cart', 'client-o'])
})

it('finds by lock and by task, whatever the case', () => {
  const locks = [
    { name: 'Cart', holders: [party('checkout', 0)], waiters: [] },
    { name: 'files', holders: [party('upload', 0)], waiters: [] },
  ]
  const found = (filter: string) => lockRows(view(locks), { ...settings, filter }).rows.length
  expect([found(' cart '), found('UPLOAD'), found('nothing'), found('')]).toEqual([1, 1, 0, 2])
})

it('is bounded, and tells alike parties apart', () => {
  const waiters = Array.from({ length: 100 }, () => party('same', 4900))
  const locks = Array.from({ length: 1000 }, (_, index) => ({
    name: `lock ${index}`,
    holders: [],
    waiters,
  }))
  const { rows, matching } = lockRows(view(locks), settings)
  expect([rows.length, matching]).toEqual([mostLocks, 1000])
  expect(new Set(rows[0]?.parties.map(({ key }) => key)).size).toBe(mostWaiters)
  expect(rows[0]).toMatchObject({ waiters: 100, more: 100 - mostWaiters })
})
