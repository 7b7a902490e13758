import { expect, it } from 'vitest'
import { entriesOf } from './entries'

const locks = { types: './dist/lib/types/locks/index.d.ts', default: './dist/lib/index.js' }

it('derives sources from where types go', () => {
  expect(entriesOf({ name: 'latchkey', exports: { '.': locks, './again': locks } })).toEqual([
    {
      specifier: 'latchkey',
      name: 'index',
      source: 'src/locks/index.ts',
      output: 'dist/lib/index.js',
      types: 'dist/lib/types/locks/index.d.ts',
    },
    expect.objectContaining({ specifier: 'latchkey/again' }),
  ])
})

it('refuses a target that no source follows from', () => {
  const exports = { '.': { types: './types.d.ts', default: './dist/lib/index.js' } }
  expect(() => entriesOf({ name: 'latchkey', exports })).toThrow('exports["."]')
})
