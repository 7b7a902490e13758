/** pprof profiles, read back by the specification, by a package and by Go's own tool. */

import { gunzipSync } from 'node:zlib'
import { Profile } from 'pprof-format'
import { describe, expect, test, vi } from 'vitest'
import { UnsupportedError } from '../../locks'
import type { Recording } from '../recording'
import { pprof } from './pprof'
import { goIsThere, top } from './testing/go-pprof'
import { readProfile } from './testing/read-profile'
import { noon, nothing, recordingOf, strangeNames, strangers, threeInARow } from './testing/stories'

const read = async (...given: Parameters<typeof pprof>) =>
  readProfile(gunzipSync(await pprof(...given)))

const checkout = ['checkout', 'https://shop.test/cart.js', 10]
const sync = ['sync', 'https://shop.test/worker.js', 20]
const admin = ['admin.js:30:1', 'https://shop.test/admin.js', 30]
const cart = ['cart (exclusive)', '', 0]
const labels = { lock: 'cart', mode: 'exclusive' }

test('waiting is charged to who stood in the way', async () => {
  expect(await read(threeInARow)).toMatchObject({
    types: ['contentions/count', 'delay/nanoseconds'],
    samples: [
      { stack: [cart, checkout], values: [1n, 3_000_000n], labels },
      { stack: [cart, sync], values: [1n, 7_000_000n], labels },
    ],
    time: BigInt(noon) * 1_000_000n,
    duration: 20_000_000n,
    period: ['contentions/count', 1n],
    defaultType: 'delay',
  })
})

test('or to who waited', async () => {
  const { samples, comments } = await read(threeInARow, { charged: 'waiter' })
  expect(samples.map(({ stack, values }) => [stack[1], values])).toEqual([
    [sync, [1n, 3_000_000n]],
    [admin, [1n, 7_000_000n]],
  ])
  expect(comments).toEqual(['waiting charged to the waiter, estimated from one in 1'])
})

test.each([
  [2.5, 3n],
  [0.2, 1n],
])(
  'a recording of one in %d, which none is, has a period that can be written',
  async (sample, period) => {
    const found = await read(recordingOf({ sample }))
    expect(found.period).toEqual(['contentions/count', period])
  },
)

test('without call sites the lock stands alone; what was sampled and dropped is said', async () => {
  const row = { charged: 'releaser', lock: 'l', mode: 'shared', delay: 0.0004 } as const
  const { samples, period, comments } = await read(
    recordingOf({
      ...{ sample: 100, dropped: 3 },
      contention: [
        { ...row, contentions: 199.6 },
        { ...row, contentions: 0 },
      ],
    }),
  )
  expect(samples).toEqual([
    { stack: [['l (shared)', '', 0]], values: [200n, 400n], labels: { lock: 'l', mode: 'shared' } },
  ])
  expect(period).toEqual(['contentions/count', 100n])
  expect(comments[1]).toBe('3 events had to make room')
})

test('numbers beyond what a double counts by ones', async () => {
  const contention = [
    {
      ...({ charged: 'releaser', lock: 'l', mode: 'shared' } as const),
      ...{ contentions: 2 ** 40, delay: 2 ** 42 },
    },
  ]
  const { samples } = await read(recordingOf({ contention }))
  expect(samples[0]?.values).toEqual([2n ** 40n, 2n ** 42n * 1_000_000n])
})

test('only fields that readers of every age know', async () => {
  const { fields } = await read(strangers)
  expect(fields.filter((field) => field < 1 || field > 14)).toEqual([])
})

test('an empty recording is an empty profile', async () => {
  expect((await read(nothing)).samples).toEqual([])
})

test('names may be anything', async () => {
  const { samples } = await read(strangers)
  expect(samples.map(({ labels }) => labels.lock)).toEqual(
    strangeNames.map((name) => name.replace('half \ud83d', 'half \ufffd')),
  )
})

test('another decoder reads the same', async () => {
  const profile = Profile.decode(gunzipSync(await pprof(threeInARow)))
  const texts = profile.stringTable.strings
  expect(profile.sample.map(({ value }) => value)).toEqual([
    [1, 3_000_000],
    [1, 7_000_000],
  ])
  expect(
    profile.sampleType.map(({ type, unit }) => [texts[Number(type)], texts[Number(unit)]]),
  ).toEqual([
    ['contentions', 'count'],
    ['delay', 'nanoseconds'],
  ])
  expect(profile.function.map(({ name }) => texts[Number(name)])).toEqual([
    'cart (exclusive)',
    'checkout',
    'sync',
  ])
})

describe('what it refuses', () => {
  test('what is no recording', async () => {
    await expect(pprof(null as never)).rejects.toThrow('recording must be an object, got null')
    await expect(pprof({} as Recording)).rejects.toThrow(
      "recording.format must be 'latchkey-recording', got undefined",
    )
    await expect(pprof({ ...nothing, version: 2 as 1 })).rejects.toThrow(RangeError)
  })

  test('an unknown charge', async () => {
    await expect(pprof(nothing, { charged: 'nobody' as never })).rejects.toThrow(
      'charged must be one of "releaser", "waiter", got "nobody"',
    )
  })

  test('engines that cannot compress', async () => {
    vi.stubGlobal('CompressionStream', undefined)
    await expect(pprof(nothing)).rejects.toBeInstanceOf(UnsupportedError)
    vi.unstubAllGlobals()
  })
})

// What was not checked must not pass in silence.
if (!goIsThere) {
  console.warn('NOT CHECKED: no `go` in PATH, so that `go tool pprof` read no profile (golang-go).')
}

describe.skipIf(!goIsThere)('go tool pprof', () => {
  test('reads delay by lock and call site', async () => {
    const lines = top(await pprof(threeInARow), '-unit=ms')
    expect(lines).toContain('Type: delay')
    expect(lines).toContain('10ms 100% 100% 10ms 100% cart (exclusive)')
    expect(lines).toContain('0 0% 100% 7ms 70.00% sync')
    expect(lines).toContain('0 0% 100% 3ms 30.00% checkout')
  })

  test('reads contentions, and selects by label', async () => {
    const profile = await pprof(threeInARow)
    const contentions = '-sample_index=contentions'
    expect(top(profile, contentions)).toContain('2 100% 100% 2 100% cart (exclusive)')
    expect(top(profile, contentions, '-tagfocus=lock=cart')).toContain(
      '2 100% 100% 2 100% cart (exclusive)',
    )
    expect(top(profile, '-tagfocus=lock=other').join()).not.toContain('cart')
  })

  test('reads lines', async () => {
    // It tidies paths, and takes a URL for one.
    const lines = top(await pprof(threeInARow), '-lines')
    expect(lines).toContain('0 0% 100% 7ms 70.00% sync https:/shop.test/worker.js:20')
  })

  test('reads strange names as they are, and empty profiles', async () => {
    const lines = top(await pprof(strangers), '-nodecount=100').join('\n')
    expect(lines).toContain('std::mutex<int>::lock(int) const (shared)')
    expect(lines).toContain('a;b (shared)')
    expect(top(await pprof(nothing))).toContain('Showing nodes accounting for 0, 0% of 0 total')
  })
})
