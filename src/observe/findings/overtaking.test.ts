/** The sweep counts what somebody would count who looked at each wait alone, and in far fewer steps. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LockMode } from '../../locks'
import type { Acquired } from '../acquisitions'
import { overtakings } from './overtaking'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`overtaking.test.ts: SEED=${seed}`)

const base = { agent: 'a', task: 't', lock: 'x', site: undefined }

/** One wait alone, by the definition. */
function overtakingsOf(
  wait: Acquired,
  acquired: readonly Acquired[],
  to: number,
  patience: number,
): number {
  const end = wait.granted ?? wait.ended ?? to
  const grants = acquired
    .filter(({ granted }) => granted !== undefined)
    .sort((a, b) => (a.granted ?? 0) - (b.granted ?? 0))
    .filter(({ granted = 0 }) => granted > wait.asked + patience && granted < end)
  const overtaking = grants.filter(({ asked, mode }, index) => {
    const goesOn = mode === 'shared' && grants[index - 1]?.mode === 'shared'
    return asked > wait.asked && !goesOn
  })
  const phases = overtaking.filter(({ mode }) => mode === 'shared').length
  const writers = acquired.filter(({ asked, granted, ended, mode }) => {
    const until = granted ?? ended ?? Number.POSITIVE_INFINITY
    return mode === 'exclusive' && asked < wait.asked && until > wait.asked
  })
  return overtaking.length - (wait.mode === 'shared' ? 0 : Math.min(phases, writers.length))
}

test('counts what each wait alone would be counted', () => {
  const line = fc.record({
    asked: fc.integer({ min: 0, max: 40 }),
    wait: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
    hold: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
    isGranted: fc.boolean(),
    mode: fc.constantFrom<LockMode>('shared', 'exclusive'),
  })
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 40 }),
      fc.integer({ min: 0, max: 5 }),
      (lines, patience) => {
        const acquired = lines
          .map(({ asked, wait, hold, isGranted, mode }, index): Acquired => {
            const known = { ...base, request: `${index}`, mode, asked }
            if (wait === undefined) return known
            if (!isGranted) return { ...known, ended: asked + wait }
            const granted = { ...known, granted: asked + wait }
            return hold === undefined ? granted : { ...granted, ended: asked + wait + hold }
          })
          .sort((a, b) => a.asked - b.asked)
        expect(overtakings(acquired, 80, patience)).toEqual(
          acquired.map((wait) => overtakingsOf(wait, acquired, 80, patience)),
        )
      },
    ),
    { seed, numRuns: 500 },
  )
})

/** So many readings of a time that a queue of `length`, passed on in order, takes. */
function readings(length: number): number {
  let read = 0
  const acquired = Array.from({ length }, (_, index): Acquired => {
    const mode = index % 10 === 0 ? 'exclusive' : 'shared'
    const known = { ...base, request: `${index}`, mode, asked: 0, granted: 0, ended: 0 } as const
    const at = (time: number) => ({
      get() {
        read++
        return time
      },
    })
    // All wait for as long as it takes to serve a quarter of them.
    return Object.defineProperties(known, {
      asked: at(index),
      granted: at(index + length / 4),
      ended: at(index + length / 4 + 1),
    })
  })
  expect(overtakings(acquired, 2 * length, 50).every((each) => each === 0)).toBe(true)
  return read
}

test('a queue four times as long takes hardly more than four times as many steps', () => {
  expect(readings(8_000)).toBeLessThan(6 * readings(2_000))
})
