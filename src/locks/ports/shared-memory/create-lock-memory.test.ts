/** What makes a lock memory, and what is taken for one. */

import { expect, test } from 'vitest'
import { UnsupportedError } from '../../errors'
import { checkLockMemory, createLockMemory, initialise, memoryId } from './create-lock-memory'
import { header, version } from './layout'
import { usageOf } from './usage'
import { AtomicWords } from './words'

test.each([2 ** 15, 2 ** 15 + 64, 2 ** 20, 5_000_000 - (5_000_000 % 64)])(
  'of %d bytes it is all free cells, but for a tenth at most',
  (bytes) => {
    const memory = createLockMemory({ bytes })
    checkLockMemory(memory)
    const { cells, free, agents, names } = usageOf(new AtomicWords(memory))
    expect({ free, agents, names }).toEqual({ free: cells, agents: 0, names: [] })
    expect(cells * 64).toBeGreaterThan(bytes * 0.9)
    expect(cells * 64).toBeLessThan(bytes)
  },
)

test('is 1 MiB if nobody says otherwise', () => {
  expect(createLockMemory().byteLength).toBe(2 ** 20)
  expect(createLockMemory({ bytes: undefined }).byteLength).toBe(2 ** 20)
})

test.each([0, -64, 64, 2 ** 15 - 64, 2 ** 15 + 1, 2 ** 31, Number.NaN, Number.POSITIVE_INFINITY])(
  'a size of %d is a RangeError that names it',
  (bytes) => {
    expect(() => createLockMemory({ bytes })).toThrow(RangeError)
    expect(() => createLockMemory({ bytes })).toThrow(`bytes must be a multiple of 64`)
    expect(() => createLockMemory({ bytes })).toThrow(String(bytes))
  },
)

test('a size of another type is a TypeError', () => {
  // @ts-expect-error: a string
  expect(() => createLockMemory({ bytes: '1048576' })).toThrow(TypeError)
})

test('where there is no SharedArrayBuffer it says how to get it', () => {
  const { SharedArrayBuffer: kept } = globalThis
  try {
    Reflect.deleteProperty(globalThis, 'SharedArrayBuffer')
    expect(() => createLockMemory()).toThrow(UnsupportedError)
    expect(() => createLockMemory()).toThrow('Cross-Origin-Opener-Policy: same-origin')
  } finally {
    globalThis.SharedArrayBuffer = kept
  }
})

test('two memories have different ids', () => {
  const ids = [1, 2].map(() => memoryId(new AtomicWords(createLockMemory())))
  expect(new Set(ids).size).toBe(2)
  expect(ids[0]).toMatch(/^[0-9a-f]{16}$/)
})

test.each([
  ['undefined', undefined],
  ['null', null],
  ['a string', 'memory'],
  ['an ArrayBuffer', new ArrayBuffer(2 ** 20)],
  ['an Int32Array', new Int32Array(new SharedArrayBuffer(2 ** 20))],
  ['an empty SharedArrayBuffer', new SharedArrayBuffer(0)],
  ['a short SharedArrayBuffer', new SharedArrayBuffer(63)],
  ['somebody else’s SharedArrayBuffer', new SharedArrayBuffer(2 ** 20)],
])('%s is no lock memory', (_what, memory) => {
  expect(() => checkLockMemory(memory)).toThrow(TypeError)
  expect(() => checkLockMemory(memory)).toThrow('createLockMemory()')
})

test('one of another version is refused', () => {
  const memory = createLockMemory()
  new AtomicWords(memory).store(header.version, version + 1)
  expect(() => checkLockMemory(memory)).toThrow(UnsupportedError)
  expect(() => checkLockMemory(memory)).toThrow(`layout ${version + 1}`)
})

test('a part of one is refused', () => {
  const words = new AtomicWords(new SharedArrayBuffer(2 ** 20))
  initialise(words, [1, 2])
  const part = new AtomicWords(new SharedArrayBuffer(2 ** 19))
  for (let i = 0; i < part.length; i++) part.store(i, words.load(i))
  expect(() => checkLockMemory(part.buffer)).toThrow('the whole')
})
