import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scenes } from './scenes'
import {
  decodeSettings,
  encodeSettings,
  firstSettings,
  mechanisms,
  places,
  type Settings,
} from './settings'

const anySettings: fc.Arbitrary<Settings> = fc.record({
  scene: fc.constantFrom(...scenes.map(({ id }) => id)),
  count: fc.integer({ min: 1, max: 8 }),
  where: fc.constantFrom(...places),
  over: fc.constantFrom(...mechanisms),
})

describe('the link of the page “Tabs”', () => {
  it('comes back as what was put in', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        expect(decodeSettings(encodeSettings(settings))).toEqual({ kind: 'ok', settings })
      }),
    )
  }, 60_000)

  it('is read or refused, whatever it says, and never asks for more than there may be', () => {
    const key = fc.constantFrom('scene', 'n', 'in', 'over', '__proto__', '')
    const pairs = fc.array(fc.tuple(key, fc.string()), { maxLength: 6 })
    const link = fc.oneof(
      fc.string({ unit: 'binary' }),
      pairs.map((all) => all.map(([name, value]) => `${name}=${value}`).join('&')),
    )
    fc.assert(
      fc.property(link, (text) => {
        const decoded = decodeSettings(text)
        if (decoded.kind !== 'ok') return
        const { scene, count, where, over } = decoded.settings
        expect(scenes.map(({ id }) => id)).toContain(scene)
        expect([count >= 1, count <= 8, Number.isInteger(count)]).toEqual([true, true, true])
        expect(places).toContain(where)
        expect(mechanisms).toContain(over)
      }),
    )
  }, 60_000)

  it('leaves out what is as at first', () => {
    expect(decodeSettings('n=5')).toEqual({ kind: 'ok', settings: { ...firstSettings, count: 5 } })
    expect(decodeSettings('')).toEqual({ kind: 'absent' })
  })

  it.each([
    ['scene=cellar', /no such scene/],
    ['n=9', /1 to 8 participants/],
    ['n=0', /1 to 8 participants/],
    ['n=1e0', /1 to 8 participants/],
    ['in=windows', /frames or in tabs/],
    ['over=paper', /no such mechanism/],
    ['door=open', /nothing is called “door”/],
    [`n=${'1'.repeat(300)}`, /too long/],
  ])('%s is told', (link, why) => {
    expect(decodeSettings(link)).toEqual({ kind: 'broken', why: expect.stringMatching(why) })
  })
})
