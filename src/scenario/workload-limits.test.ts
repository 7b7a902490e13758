import { describe, expect, test } from 'vitest'
import type { Workload } from './workload'
import { assertWorkload, longestRun, problemsOf, workloadLimits } from './workload-limits'
import { firstWorkload, workloadPresets } from './workload-presets'

/** A part of a workload, as it may arrive from anywhere. */
type Change = Readonly<Record<string, unknown>>

const changed = (change: Change) => ({ ...firstWorkload, ...change }) as Workload

describe('a workload is refused by the name and value of what is wrong:', () => {
  const over = { reach: 'origin', fair: 'strict' }
  test.each<[Change, string, RegExp]>([
    [{ title: 'a\nb' }, 'title', /title "a\\nb" has a line break/],
    [{ title: 7 }, 'title', /title must be text, got 7/],
    [{ workers: 0 }, 'workers', /workers must be a whole number from 1 to 8, got 0/],
    [{ workers: 9 }, 'workers', /got 9/],
    [{ workers: '2' }, 'workers', /got "2"/],
    [{ tabs: 5 }, 'tabs', /tabs must be a whole number from 0 to 4, got 5/],
    [{ tabs: 0.5 }, 'tabs', /got 0.5/],
    [{ tasks: 65 }, 'tasks', /tasks .* got 65/],
    [{ keys: 10_001 }, 'keys', /keys .* got 10001/],
    [{ hot: 1.1 }, 'hot', /hot must be a number from 0 to 1, got 1.1/],
    [{ reads: Number.NaN }, 'reads', /reads .* got NaN/],
    [{ reads: -0 }, 'reads', /reads/],
    [{ readHold: { kind: 'fixed', ms: -1 } }, 'readHold', /readHold.ms .* got -1/],
    [{ writeHold: { kind: 'uniform', below: 0.5 } }, 'writeHold', /writeHold.below .* got 0.5/],
    [{ think: { kind: 'exponential', mean: 1e9 } }, 'think', /think.mean .* got 1000000000/],
    [
      { think: { kind: 'bimodal', short: 3, long: 2, longShare: 0 } },
      'think',
      /think.short must not be longer than think.long, got 3 and 2/,
    ],
    [
      { think: { kind: 'bimodal', short: 1, long: 2, longShare: 2 } },
      'think',
      /think.longShare .* got 2/,
    ],
    [{ think: { kind: 'zipf' } }, 'think', /think must be fixed, .* got {"kind":"zipf"}/],
    [{ think: undefined }, 'think', /think must be fixed, .* got undefined/],
    [{ lock: { kind: 'barrier' } }, 'lock', /lock must be one .* got {"kind":"barrier"}/],
    [{ lock: undefined }, 'lock', /lock must be one/],
    [{ lock: { ...over, kind: 'mutex', reach: 'network' } }, 'lock', /lock.reach .* "network"/],
    [{ lock: { ...over, kind: 'mutex', fair: 'maybe' } }, 'lock', /lock.fair .* "maybe"/],
    [{ lock: { ...over, kind: 'rw-lock' } }, 'lock', /lock.policy .* got undefined/],
    [{ lock: { ...over, kind: 'semaphore', permits: 0 } }, 'lock', /lock.permits .* got 0/],
    [{ lock: { ...over, kind: 'mutex', reach: 'realm' } }, 'lock', /excludes nobody in 4 of them/],
    [{ workers: 1, tabs: 1, lock: { kind: 'async-mutex' } }, 'lock', /async-mutex ends at/],
    [{ end: { kind: 'never' } }, 'end', /end must be by time or by actions/],
    [{ end: { kind: 'time', ms: 99 } }, 'end', /end.ms .* from 100 to 120000, got 99/],
    [{ end: { kind: 'actions', actions: 1 } }, 'end', /end.shared .* got undefined/],
    [{ end: { kind: 'actions', actions: 0, shared: 'evenly' } }, 'end', /end.actions .* got 0/],
    [{ seed: -1 }, 'seed', /seed .* got -1/],
    [{ seed: 2 ** 32 }, 'seed', /seed .* got 4294967296/],
  ])('%o', (change, field, message) => {
    const problems = problemsOf(changed(change))
    expect(problems.map((problem) => problem.field)).toEqual([field])
    expect(problems[0]?.message).toMatch(message)
    expect(() => assertWorkload(changed(change))).toThrow(RangeError)
    expect(() => assertWorkload(changed(change))).toThrow(message)
  })

  test('a run that might not end in ten minutes', () => {
    const end = { kind: 'actions', actions: 100_000, shared: 'evenly' }
    const [problem] = problemsOf(changed({ end, writeHold: { kind: 'fixed', ms: 100 } }))
    expect(problem).toMatchObject({ field: 'end' })
    expect(problem?.message).toMatch(/could take 10250 s .* at most 600 s/)
    expect(problemsOf(changed({ end }))).toHaveLength(1)
    expect(problemsOf(changed({ end, think: { kind: 'fixed', ms: 0 } }))).toEqual([])
  })
})

test('several problems are told all at once, in the order of a form', () => {
  const problems = problemsOf(changed({ seed: -1, workers: 0, hot: 2 }))
  expect(problems.map(({ field }) => field)).toEqual(['workers', 'hot', 'seed'])
})

test('one worker may have a lock that ends there', () => {
  const lock = { kind: 'mutex', reach: 'realm', fair: 'bounded' }
  expect(problemsOf(changed({ workers: 1, tasks: 8, lock }))).toEqual([])
  expect(problemsOf(changed({ workers: 1, tasks: 8, lock: { kind: 'async-mutex' } }))).toEqual([])
})

test('every preset can be performed, and takes no longer than ten minutes', () => {
  for (const { id, workload } of workloadPresets) {
    expect(problemsOf(workload), id).toEqual([])
    expect(longestRun(workload), id).toBeLessThanOrEqual(workloadLimits.total)
  }
  const ids = workloadPresets.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})
