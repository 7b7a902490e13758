import { expect, it } from 'vitest'
import { type Cell, failures, matrix, tallyOf } from './matrix'

const passed = { group: 'order', title: 'a' }
const failed = { group: 'steal', title: 'b', error: 'Error: expected 1, got 2' }

const cells: readonly Cell[] = [
  { place: 'Chromium 1', port: 'memory', outcomes: [passed, passed] },
  { place: 'Chromium 1', port: 'web-locks', outcomes: [passed, failed] },
  { place: 'Firefox 2', port: 'memory', outcomes: [failed] },
]

it('counts each case of each port in each place', () => {
  expect(tallyOf(cells)).toEqual({ passed: 3, failed: 2, skipped: 0 })
})

it('is a table of passed and total; what was not to be run is no zero', () => {
  expect(matrix(cells)).toEqual([
    'port       Chromium 1  Firefox 2',
    'memory     2/2         0/1',
    'web-locks  1/2         -',
  ])
})

it('tells each failure, with where and why', () => {
  expect(failures(cells)).toEqual([
    'FAILED  Chromium 1, web-locks: steal: b\n        Error: expected 1, got 2',
    'FAILED  Firefox 2, memory: steal: b\n        Error: expected 1, got 2',
  ])
})

it('stops where a port fails in everything', () => {
  const all = [{ place: 'Firefox 2', port: 'memory', outcomes: Array(12).fill(failed) }]
  expect(failures(all, 2)).toHaveLength(3)
  expect(failures(all, 2).at(-1)).toBe('FAILED  Firefox 2, memory: and 10 more')
})
