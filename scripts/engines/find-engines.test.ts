/** Which engine is missing where, and whether that is a failure. */

import { expect, test } from 'vitest'
import type { Machine } from '../machine'
import { findEngines } from './find-engines'

/** A machine with nothing on it, where nothing may be installed. */
function bare(platform: NodeJS.Platform): Machine {
  return {
    platform,
    env: { PATH: '' },
    isRoot: false,
    exists: () => false,
    run: async () => undefined,
    say: () => {},
  }
}

test.each([
  ['linux', true],
  ['darwin', false],
  ['win32', false],
] as const)('WebKit is missing on %s; it could be there: %s', async (platform, available) => {
  const taken = await findEngines(bare(platform), ['WebKit'])
  expect(taken).toMatchObject([
    { name: 'WebKit', missing: expect.stringMatching('Install'), available },
  ])
})

test('Firefox could be anywhere', async () => {
  const taken = await findEngines(bare('darwin'), ['Firefox'])
  expect(taken).toMatchObject([{ name: 'Firefox', available: true }])
})
