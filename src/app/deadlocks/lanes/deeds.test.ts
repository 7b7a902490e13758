import { expect, it } from 'vitest'
import { programOf } from '../catalogue/cases'
import { framesOf } from '../run'
import { deedsOf } from './deeds'

it('says what is loaded and stored, at its step', () => {
  const program = programOf('var hits = 4\nthread A\n lock a\n n = hits\n hits = n + 1\n unlock a')
  const schedule = [0, 0, 0, 0]
  expect(deedsOf(program, schedule, framesOf(program, schedule))).toEqual([
    { column: 2, thread: 0, text: 'n = 4' },
    { column: 3, thread: 0, text: 'hits = 5' },
  ])
})
