import { expect, test, vi } from 'vitest'
import { parsed } from '../../scenario/testing/parsed'
import { planOf } from './plan'
import { serialResults } from './serial'

// A hundred thousand steps: seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const results = (text: string) => {
  const found = serialResults(planOf(parsed(text)))
  return found && [...found].sort()
}
const bodies = (count: number, body: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => `thread T${index}\n${body(index)}`).join('\n')

test('every order of the threads counts', () => {
  const text = 'var x = 1\nthread A\nx = 5\nthread B\nn = x\nx = n + 1\nthread C\nx = -3'
  // A, B, C in all orders, some of which leave the same.
  expect(results(text)).toEqual(['-2', '-3', '5', '6'].sort())
})

test('orders in which a thread never comes to its end do not count', () => {
  const text = 'var x = 0\nthread A\nlock a\nx = 1\nthread B\nlock a\nx = 2\nunlock a'
  expect(results(text)).toEqual(['1'])
  expect(results('var x = 0\nthread A\nlock a\nlock a\nx = 1')).toBeUndefined()
})

test('without variables there is nothing to lose', () => {
  expect(results('thread A\nlock a')).toBeUndefined()
})

test('eight threads that count are no trouble; eight that keep turning are too many', () => {
  expect(results(`var x = 0\n${bodies(8, () => 'n = x\nx = n + 1')}`)).toEqual(['8'])
  const vars = ['w', 'x', 'y', 'z']
  const head = vars.map((name) => `var ${name} = 0`).join('\n')
  // Each value moves on by one variable, and has a power of three added on its way: the sums tell orders apart.
  const turn = (index: number) => {
    const loads = vars.map((name) => `own_${name} = ${name}`)
    const stores = vars.map(
      (name, at) => `${name} = own_${vars[(at + 1) % 4]} + ${at * 3 ** index}`,
    )
    return [...loads, ...stores].join('\n')
  }
  expect(results(`${head}\n${bodies(3, turn)}`)?.length).toBe(6)
  expect(results(`${head}\n${bodies(8, turn)}`)).toBeUndefined()
})
