import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../scripts/tool'
import { hooks, takeOut } from './without-hooks'

test.each(Object.entries(hooks))('%s has every hook, and none is left', (file, statements) => {
  const bare = takeOut(file, readFileSync(join(root, file), 'utf8'), statements)
  expect(bare).not.toMatch(/\.(recorder|detector|order|emit|emitRare)\b/)
})

test.each(['', 'a()\na()\n'])('a statement that is not there once is refused', (text) => {
  expect(() => takeOut('a.ts', text, ['a()\n'])).toThrow(/^a.ts has \d times, not once: a\(\)$/)
})
