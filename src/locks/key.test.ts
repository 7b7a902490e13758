import fc from 'fast-check'
import { expect, test } from 'vitest'
import { key } from './key'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
console.info(`key.test.ts: SEED=${seed}`)

// Half of all parts are made of what means something in a name.
const part = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'%:!-w3a25d') }))

test('different parts never make the same name', () => {
  fc.assert(
    fc.property(part, part, part, part, (a, b, c, d) => {
      const same = a === c && b === d
      expect(key`user:${a}:${b}` === key`user:${c}:${d}`).toBe(same)
      expect(key`${a}:${b}` === key`${c}:${d}`).toBe(same)
      expect(key`${a}::x${b}` === key`${c}::x${d}`).toBe(same)
    }),
    { seed, numRuns: 2000 },
  )
})

test('one part does not make the name of two', () => {
  fc.assert(
    fc.property(part, part, part, (a, b, c) => {
      expect(key`user:${a}`).not.toBe(key`user:${b}:${c}`)
    }),
    { seed, numRuns: 1000 },
  )
})

test('no part makes a name that is reserved', () => {
  fc.assert(
    fc.property(part, part, (a, b) => {
      expect(key`${a}:${b}`).not.toMatch(/^-|!w$/)
    }),
    { seed, numRuns: 1000 },
  )
})

test.each<[name: string, made: string]>([
  [key`plain`, 'plain'],
  [key`user:${'a:b'}:${'c'}`, 'user:a%3ab:c'],
  [key`user:${'a'}:${'b:c'}`, 'user:a:b%3ac'],
  [key`user:${5}:${6n}:${true}`, 'user:5:6:true'],
  [key`${'-a'}`, '%2da'],
  [key`a${'-a'}`, 'a-a'],
  [key`${'100%!w'}`, '100%25%21w'],
  [key`${'é💡 '}:${''}`, 'é💡 :'],
])('%s', (name, made) => expect(name).toBe(made))

test.each<[what: string, make: () => string, message: RegExp]>([
  [
    'undefined',
    () => key`a:${undefined as never}`,
    /^key part 1 must be a string, .*, got undefined/,
  ],
  ['null', () => key`a:${'b'}:${null as never}`, /^key part 2 .* got null$/],
  ['NaN', () => key`a:${Number.NaN}`, /^key part 1 .* got NaN$/],
  ['a symbol', () => key`a:${Symbol('s') as never}`, /^key part 1 .* got Symbol\(s\)$/],
  ['an object', () => key`a:${{} as never}`, /^key part 1 .* got an object$/],
  ['nothing between', () => key`a:${'b'}${'c'}`, /^key must have ':' between parts, got ""/],
  ['a dash between', () => key`${'b'}-${'c'}`, /^key must have ':' between .* got "-"/],
])('%s is refused', (_what, make, message) => {
  expect(make).toThrow(TypeError)
  expect(make).toThrow(message)
})
