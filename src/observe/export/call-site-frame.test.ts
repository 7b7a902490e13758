/** Call sites as engines write them. */

import { expect, test } from 'vitest'
import { frameOf } from './call-site-frame'

const js = 'https://shop.test/@scope/cart.js'

test.each([
  [`checkout (${js}:10:5)`, 'checkout', js, 10, 5],
  [`async Cart.checkout [as pay] (${js}:10:5)`, 'async Cart.checkout [as pay]', js, 10, 5],
  [`new Cart (C:\\shop\\cart.js:1:2)`, 'new Cart', 'C:\\shop\\cart.js', 1, 2],
  [`${js}:10:5`, 'cart.js:10:5', js, 10, 5],
  [
    `eval (eval at run (${js}:7:1), <anonymous>:2:3)`,
    'eval',
    `eval at run (${js}:7:1), <anonymous>`,
    2,
    3,
  ],
  ['/srv/@scope/cart.js:10:5', 'cart.js:10:5', '/srv/@scope/cart.js', 10, 5],
  [`checkout/<@${js}:10:5`, 'checkout/<', js, 10, 5],
  [`@${js}:10:5`, 'cart.js:10:5', js, 10, 5],
])('%s', (site, name, file, line, column) => {
  expect(frameOf(site)).toEqual({ name, file, line, column })
})

test.each(['', 'async Promise.all (index 0)', 'native code'])('what is no place: %o', (site) => {
  expect(frameOf(site)).toEqual({ name: site })
})

test('of a long one the beginning counts', () => {
  expect(frameOf(`f (${'x'.repeat(100_000)}:1:1)`).name).toHaveLength(1000)
})
