import { describe, expect, it } from 'vitest'
import { diningCase, philosophers, printProgram, programCases } from '../../../scenario'
import { framesOf, inTurn } from '../run'
import { caseOf, programOf, programOfCase, questionOf, variantsOf } from './cases'

const { least, most } = philosophers
const tables = Array.from({ length: most - least + 1 }, (_, more) => diningCase(least + more))
const entries = [...programCases.filter(({ id }) => id !== 'dining'), ...tables].map(
  (entry) => [`${entry.id} ${entry.broken.split('thread').length - 1}`, entry] as const,
)

describe.each(entries)('%s', (_, entry) => {
  const outcomeOf = (variant: 'broken' | 'fixed' | 'other') => {
    const program = programOfCase({ entry, variant })
    return framesOf(program, inTurn(program)).at(-1)?.outcome?.kind
  }

  it('goes wrong when every thread steps in turn, which is what the page shows first', () => {
    expect(outcomeOf('broken')).toBe(entry.trouble)
  })

  it('goes well once it is fixed', () => {
    for (const { id } of variantsOf(entry).slice(1)) expect(outcomeOf(id)).toBe('done')
  })

  it('is found again by its program, also by a copy of it', () => {
    for (const { id: variant } of variantsOf(entry)) {
      const program = programOfCase({ entry, variant })
      const copy = programOf(printProgram(program))
      expect(caseOf(copy)).toMatchObject({ entry: { id: entry.id }, variant })
      const seats = entry.id === 'dining' ? program.threads.length : undefined
      expect(caseOf(copy)?.seats).toBe(seats)
    }
  })

  it('has a question', () => {
    expect(questionOf(programOf(entry.broken))).toMatch(/\?$/)
  })
})

it('a program of one’s own is none of them', () => {
  expect(caseOf(programOf('thread A\n lock a'))).toBeUndefined()
})
