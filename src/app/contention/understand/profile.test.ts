import { describe, expect, it } from 'vitest'
import { Account } from '../../../observe'
import { acquisition } from '../testing/random-run'
import { compareWords } from './compare-words'
import { flameBars, nextBar } from './flame-layout'
import { changesOf, rowsOf, treeOf } from './profile'

function recordingOf(...acquired: ReturnType<typeof acquisition>[]) {
  const account = new Account()
  for (const event of acquired.flat().sort((a, b) => a.time - b.time)) account.add(event)
  return account.recording()
}

/** A holds cart for 100 ms while B waits 60; C holds box for 50 while A waits 20. */
const known = recordingOf(
  acquisition({ request: '1', agent: 'A', site: 'A, write', from: 0, granted: 0, released: 100 }),
  acquisition({
    request: '2',
    agent: 'B',
    site: 'B, write',
    from: 40,
    granted: 100,
    released: 110,
  }),
  acquisition({
    ...{ request: '3', agent: 'C', lock: 'box', site: 'C, write' },
    ...{ from: 120, granted: 120, released: 170 },
  }),
  acquisition({
    ...{ request: '4', agent: 'A', lock: 'box', site: 'A, write' },
    ...{ from: 150, granted: 170, released: 200 },
  }),
)

describe('rows', () => {
  it('say who made others wait, and who waited', () => {
    const rows = (by: 'lock' | 'site', charged: 'releaser' | 'waiter') =>
      rowsOf(known, { by, charged, order: 'delay' }).map(({ name, delay }) => [name, delay])
    expect(rows('lock', 'releaser')).toEqual([
      ['cart', 60],
      ['box', 20],
    ])
    expect(rows('site', 'releaser')).toEqual([
      ['A, write', 60],
      ['C, write', 20],
    ])
    expect(rows('site', 'waiter')).toEqual([
      ['B, write', 60],
      ['A, write', 20],
    ])
  })

  it('are in the order that is asked for', () => {
    const names = (order: 'delay' | 'contentions' | 'name') =>
      rowsOf(known, { by: 'lock', charged: 'releaser', order }).map(({ name }) => name)
    expect(names('name')).toEqual(['box', 'cart'])
    expect(names('delay')).toEqual(['cart', 'box'])
  })
})

describe('the flame graph', () => {
  const bars = flameBars(treeOf(known, 'releaser'))

  it('is as wide as the waiting, level by level', () => {
    expect(bars.map(({ path, left, width, delay }) => [path, left, width, delay])).toEqual([
      ['all waiting', 0, 1, 80],
      ['all waiting › cart', 0, 0.75, 60],
      ['all waiting › box', 0.75, 0.25, 20],
      ['all waiting › cart › A, write', 0, 0.75, 60],
      ['all waiting › box › C, write', 0.75, 0.25, 20],
    ])
  })

  it('is walked with the arrow keys', () => {
    const [root, cart, box, above] = bars
    if (!root || !cart || !box || !above) throw new Error('no bars')
    expect(nextBar(bars, root, 'up')).toBe(cart)
    expect(nextBar(bars, cart, 'right')).toBe(box)
    expect(nextBar(bars, box, 'left')).toBe(cart)
    expect(nextBar(bars, cart, 'up')).toBe(above)
    expect(nextBar(bars, above, 'down')).toBe(cart)
    expect(nextBar(bars, root, 'down')).toBeUndefined()
    expect(nextBar(bars, box, 'right')).toBeUndefined()
  })

  it('leaves out what nobody could see, and nothing where nobody waited', () => {
    const alone = recordingOf(acquisition({ request: '1', from: 0, granted: 0, released: 9 }))
    expect(flameBars(treeOf(alone, 'releaser'))).toHaveLength(1)
    const many = Array.from({ length: 2_000 }, (_, index) => ({
      name: `key ${index}`,
      ...{ delay: 1, contentions: 1, children: [] },
    }))
    const tree = { name: 'all waiting', delay: 2_000, contentions: 2_000, children: many }
    expect(flameBars(tree)).toHaveLength(1)
  })
})

describe('B against A', () => {
  const faster = recordingOf(
    acquisition({ request: '1', agent: 'A', site: 'A, write', from: 0, granted: 0, released: 50 }),
    acquisition({
      request: '2',
      agent: 'B',
      site: 'B, write',
      from: 40,
      granted: 50,
      released: 100,
    }),
  )

  it('is told by the second, the greatest change first', () => {
    // 60 of 200 ms, 20 of 200; then 10 of 100, and none.
    expect(changesOf(known, faster, { by: 'lock', charged: 'waiter' })).toEqual([
      { name: 'cart', before: 300, after: 100, change: -200 },
      { name: 'box', before: 100, after: 0, change: -100 },
    ])
  })

  it('is told in sentences', () => {
    const measures = {
      ...{ done: 100, perSecond: 100, p50: 2, p99: 30, longest: 40, waiting: 1 },
      ...{ lost: 0, droppedFrames: 0, frames: 60, resolution: 0.005 },
    }
    expect(compareWords(measures, { ...measures, perSecond: 250, p50: 1, lost: 3 })).toEqual([
      'B did 2.5 times as many sections a second as A: 250 against 100.',
      'Half of B’s waits were shorter than 1.00 ms, of A’s 2.00 ms.',
      '99 of 100 of B’s were shorter than 30.0 ms, of A’s 30.0 ms.',
      '0 updates lost in A, 3 updates in B.',
    ])
    expect(compareWords(measures, measures)[0]).toMatch(/^B did about as many/)
    expect(compareWords(measures, { ...measures, p50: undefined, p99: undefined })).toHaveLength(2)
  })
})
