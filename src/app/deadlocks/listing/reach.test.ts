import { describe, expect, it } from 'vitest'
import { programCases } from '../../../scenario'
import { replay } from '../../../simulate'
import { programOf, programOfCase } from '../catalogue/cases'
import { reachOf, reachWords } from './reach'

function reach(id: string, variant: 'broken' | 'fixed', schedule: readonly number[]) {
  const entry = programCases.find((each) => each.id === id)
  if (!entry) throw new Error(`no case ${id}`)
  const program = programOfCase({ entry, variant })
  const state = replay(program, schedule).at(-1)
  if (!state) throw new Error('no state')
  return reachOf(program, state)
}

describe('the deadlock', () => {
  it('is so many steps away, or out of reach', () => {
    expect(reach('ab-ba', 'broken', [])).toEqual({ kind: 'open', goal: 'deadlock', steps: 4 })
    expect(reach('ab-ba', 'broken', [0])).toMatchObject({ kind: 'open', steps: 3 })
    expect(reach('ab-ba', 'broken', [0, 0])).toEqual({ kind: 'lost', goal: 'deadlock' })
    expect(reach('ab-ba', 'broken', [0, 1, 0, 1])).toMatchObject({ kind: 'open', steps: 0 })
  })

  it('is nowhere in a program that is fixed', () => {
    for (const { id } of programCases) expect(reach(id, 'fixed', []).kind).toBe('none')
  })

  it('is looked for in a program of one’s own', () => {
    const good = programOf('thread A\n lock a\n unlock a')
    const bad = programOf('thread A\n lock a\n lock a')
    const [one, two] = [replay(good, [])[0], replay(bad, [])[0]]
    if (!one || !two) throw new Error('no state')
    expect(reachOf(good, one).kind).toBe('none')
    expect(reachOf(bad, two)).toEqual({ kind: 'open', goal: 'deadlock', steps: 2 })
  })
})

it('is told in words', () => {
  expect(reachWords({ kind: 'open', goal: 'deadlock', steps: 1 })).toBe(
    'The deadlock can still be reached, in at least 1 step.',
  )
  expect(reachWords({ kind: 'lost', goal: 'lost-update' })).toBe(
    'The lost update cannot be reached any more.',
  )
})
