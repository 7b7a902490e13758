/** The list of exports, and what their files are called. */

import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { chromeTrace } from './chrome-trace'
import { exportFormats, exportName } from './formats'
import { readProfile } from './testing/read-profile'
import { nothing, recordingOf, strangers, threeInARow } from './testing/stories'

test('names say what, when, and how it is written', () => {
  const names = exportFormats.map(({ id }) => exportName(id, threeInARow))
  expect(names).toEqual([
    { name: 'locks-20261121-120000.mutex.pb.gz', mime: 'application/gzip' },
    { name: 'locks-20261121-120000.block.pb.gz', mime: 'application/gzip' },
    { name: 'locks-20261121-120000.trace.json', mime: 'application/json' },
    { name: 'locks-20261121-120000.speedscope.json', mime: 'application/json' },
    { name: 'locks-20261121-120000.mutex.folded', mime: 'text/plain' },
    { name: 'locks-20261121-120000.block.folded', mime: 'text/plain' },
  ])
})

test.each([1000, -1, 1e300, Number.NaN])('a time that is no date is left out: %d', (from) => {
  expect(exportName('perfetto', recordingOf({ from })).name).toBe('locks.trace.json')
})

test('each writes what its name says', async () => {
  const written = new Map<string, Uint8Array>()
  for (const { id, write } of exportFormats) written.set(id, await write(threeInARow))
  const text = (id: string) => new TextDecoder().decode(written.get(id))
  const delays = (id: string) =>
    readProfile(gunzipSync(written.get(id) ?? '')).samples.map(({ stack }) => stack[1]?.[0])
  expect(delays('pprof-mutex')).toEqual(['checkout', 'sync'])
  expect(delays('pprof-block')).toEqual(['sync', 'admin.js:30:1'])
  expect(text('perfetto')).toBe(chromeTrace(threeInARow))
  expect(JSON.parse(text('speedscope')).profiles).toHaveLength(5)
  expect(text('collapsed-mutex')).toContain('checkout')
  expect(text('collapsed-block')).toContain('admin.js')
})

test.each(exportFormats)(
  '$id takes strange names and empty recordings, and nothing else',
  async ({ write }) => {
    expect((await write(strangers)).length).toBeGreaterThan(0)
    expect(await write(nothing)).toBeInstanceOf(Uint8Array)
    await expect(write({} as never)).rejects.toThrow(TypeError)
  },
)

test('what is refused', () => {
  expect(() => exportName('svg' as never, nothing)).toThrow('kind must be one of "pprof-mutex"')
  expect(() => exportName('perfetto', {} as never)).toThrow(TypeError)
})
