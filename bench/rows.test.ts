import { describe, expect, it } from 'vitest'
import { chosenIds, type Finding, type RowId, rowIds, rowOf } from './rows'
import { figure, table } from './table'

function finding(id: RowId, ours: number, theirs: number, and?: boolean): Finding {
  const ratio = ours / theirs
  const summary = { ours, theirs, ratio, quartiles: [ratio, ratio] as const, pairs: 5 }
  return { id, summary, notes: ['beside'], ...(and === undefined ? {} : { and }) }
}

describe('rowOf', () => {
  it.each([
    ['origin-sequential', 300, 1, undefined, true],
    ['origin-sequential', 299, 1, undefined, false],
    ['origin-2-tabs', 300, 1, true, true],
    ['origin-2-tabs', 300, 1, false, false],
    ['origin-2-tabs', 300, 1, undefined, false],
    ['vs-no-lock', 1, 10, undefined, null],
    ['foreign-wait', 7, 1, undefined, true],
    ['foreign-wait', 7.1, 100, undefined, false],
    ['foreign-wait-busy', 1.2, 1, undefined, true],
    ['foreign-wait-busy', 1.3, 1, undefined, false],
    ['keyed-100', 1.05, 1, true, true],
    ['keyed-100', 1, 1, false, false],
    ['cluster-uncontended', 1, 10, true, true],
    ['cluster-uncontended', 1, 10, false, false],
    ['cluster-handoff', 1, 4, undefined, true],
    ['cluster-handoff', 1.1, 4, undefined, false],
    ['idle-keys', 64, 1, true, true],
    ['idle-keys', 65, 100_000, true, false],
    ['idle-keys', 1, 100_000, false, false],
    ['explore-states', 1, 10, undefined, null],
    ['explore-dining-5', 10, 1, true, true],
    ['explore-dining-5', 10.1, 100, true, false],
    ['explore-dining-5', 1, 1, false, false],
    ['timeline-100k', 8, 0.1, true, true],
    ['timeline-100k', 8.1, 0.1, true, false],
    ['timeline-100k', 2, 0.1, false, false],
  ] as const)('%s with %d against %d: holds is %s, %s', (id, ours, theirs, and, holds) => {
    expect(rowOf(finding(id, ours, theirs, and)).holds).toBe(holds)
  })

  it('has exactly the fields of the contract', () => {
    const row = rowOf(finding('foreign-wait', 5, 2))
    expect(Object.keys(row).sort()).toEqual(
      ['goal', 'holds', 'id', 'ours', 'ratio', 'theirs', 'unit', 'what'].sort(),
    )
    expect(row).toMatchObject({ goal: '≤ 7 ms', ratio: 2.5, unit: 'ms' })
    expect(row.what).toMatch(/; beside$/)
  })
})

describe('chosenIds', () => {
  it('keeps the order of the table', () => {
    expect(chosenIds('rw-readers, origin-sequential')).toEqual(['origin-sequential', 'rw-readers'])
    expect(chosenIds(undefined)).toEqual(rowIds)
  })

  it.each(['', 'origin', 'toString'])("refuses '%s' and names the rows", (only) => {
    expect(() => chosenIds(only)).toThrow(/there are origin-sequential, /)
  })
})

describe('table', () => {
  it('lines its columns up and says what was missed', () => {
    const text = table([finding('origin-sequential', 2e6, 1e4), finding('vs-no-lock', 1, 4)])
    expect(text.split('\n')).toEqual([
      'id                      ours  theirs  unit      ratio       spread  goal    holds',
      'origin-sequential  2,000,000  10,000  pairs/s    200×      200–200  ≥ 300×  NO',
      'vs-no-lock              1.00    4.00  pairs/s  0.250×  0.250–0.250  –       –',
      '',
      'origin-sequential: lock/unlock pairs, one task, against raw navigator.locks (5 pairs)',
      '  beside',
      'vs-no-lock: lock/unlock pairs, one task, against the same loop without any lock (the limit) (5 pairs)',
      '  beside',
    ])
  })

  it.each([
    [0, '0.00'],
    [0.0126, '0.0126'],
    [1.234, '1.23'],
    [12.34, '12.3'],
    [999.4, '999'],
    [1_234_567, '1,230,000'],
  ])('%d is written %s', (value, text) => {
    expect(figure(value)).toBe(text)
  })
})
