/** Links: what was shared comes back exactly, and anything else is called broken, never played. */

import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { catalogue, sevenSeconds } from './catalogue'
import { decodeLink, encodeLink, type LinkContent } from './link'
import { unpackScenario } from './pack'
import { linkSum } from './sealed'
import { parseScenario } from './text'

const own: LinkContent['scenario'] = {
  title: 'Größe & Ordnung',
  threads: [
    { name: 'Leser 1 – früh', sections: [{ mode: 'read', at: 1234, hold: 5 }] },
    { name: '書き手', sections: [{ mode: 'write', at: 0, hold: 60_000 }] },
  ],
}
const moment = { time: 3350, step: 11 }

// Hundreds of links each: seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const anyCharacters = fc
  .array(fc.nat({ max: 0xffff }))
  .map((codes) => String.fromCharCode(...codes))

test('scenario, policy and moment come back', () => {
  for (const scenario of [own, ...catalogue.map((entry) => entry.scenario)]) {
    for (const policy of ['go', 'web-locks', 'readers-first', 'writers-first'] as const) {
      const link = encodeLink({ scenario, policy, moment })
      expect(decodeLink(link)).toStrictEqual({ kind: 'ok', scenario, policy, moment })
    }
  }
})

test('are short, and made of characters that survive being copied', () => {
  const link = (scenario: LinkContent['scenario']) => encodeLink({ scenario, policy: 'go', moment })
  expect(link(sevenSeconds.scenario).length).toBeLessThan(50)
  expect(link(own).length).toBeLessThan(200)
  for (const { scenario } of catalogue) expect(link(scenario).length).toBeLessThan(80)
  expect(link(own)).toMatch(/^#[\w=&-]+[0-9a-z]$/)
})

test('carry the largest scenario there can be', () => {
  const names = Array.from({ length: 12 }, (_, index) =>
    Array.from({ length: 40 }, (_, at) => String.fromCharCode(0x4e00 + index * 977 + at * 31)),
  )
  const lines = names.map((name, index) => {
    const count = index < 2 ? 5 : 4
    const list = Array.from({ length: count }, (_, at) => `write at ${at}.789s for ${index}.321s`)
    return `${name.join('')}: ${list.join(', ')}`
  })
  const result = parseScenario(`# ${'題'.repeat(120)}\n${lines.join('\n')}`)
  if (result.kind === 'broken') throw new Error(result.errors[0]?.message)
  const link = encodeLink({ scenario: result.scenario, policy: 'go', moment })
  expect(decodeLink(link)).toMatchObject({ kind: 'ok', scenario: result.scenario })
})

describe('a broken link', () => {
  const good = encodeLink({ scenario: own, policy: 'go', moment })

  test('no link at all is not a broken one', () => {
    expect(decodeLink('')).toStrictEqual({ kind: 'absent' })
    expect(decodeLink('#')).toStrictEqual({ kind: 'absent' })
  })

  test('cut short anywhere', () => {
    for (let length = 2; length < good.length; length++) {
      expect(decodeLink(good.slice(0, length)).kind, good.slice(0, length)).toBe('broken')
    }
  })

  test('altered anywhere', () => {
    for (let at = 1; at < good.length; at++) {
      const altered = `${good.slice(0, at)}${good[at] === 'a' ? 'b' : 'a'}${good.slice(at + 1)}`
      expect(decodeLink(altered).kind, altered).toBe('broken')
    }
  })

  test('garbage never throws, and says why in a sentence', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), anyCharacters), (text) => {
        const result = decodeLink(`#${text}`)
        if (result.kind === 'broken') expect(result.why).toMatch(/^This link .+\.$/s)
        else expect(text.replace(/^#/, '')).toBe('')
      }),
      { verbose: true, numRuns: 500 },
    )
  })

  test('made up with a right sum is read no further than it makes sense', () => {
    const character = fc.constantFrom(...'ABCXYZabcxyz0189-_')
    const packed = fc.array(character, { maxLength: 300 }).map((list) => list.join(''))
    fc.assert(
      fc.property(packed, fc.constantFrom('scenario', 'name', 'moment'), (value, key) => {
        const body = `policy=go&at=0&step=0&${key}=${value}`
        if (key === 'scenario' && unpackScenario(value)) return
        expect(decodeLink(`#${body}&sum=${linkSum(body)}`).kind).toBe('broken')
      }),
      { verbose: true, numRuns: 500 },
    )
    const unknown = 'policy=spin&at=0&step=0'
    expect(decodeLink(`#${unknown}&sum=${linkSum(unknown)}`)).toStrictEqual({
      kind: 'broken',
      why: 'This link names a lock that this page does not know, “spin”.',
    })
  })

  test('is refused unread when it is too long', () => {
    expect(decodeLink(`#${'a'.repeat(10_000_000)}`)).toMatchObject({ kind: 'broken' })
  })
})

test('a packed scenario is read only in the one form in which it is packed', () => {
  const pack = (text: string) => btoa(text).replace(/=+$/, '')
  expect(unpackScenario(pack('Title\nA:R0.1'))).toMatchObject({ title: 'Title' })
  for (const text of ['Title\nA:R0.1 and more', 'Title\nA:R00.1', 'Title\nA:R0.1:', 'Title']) {
    expect(unpackScenario(pack(text)), text).toBeUndefined()
  }
  expect(unpackScenario(`${pack('Title\nA:R0.1')}=`)).toBeUndefined()
})

test('refuses to encode what is not a scenario or not a moment', () => {
  const encode = (change: Partial<LinkContent>) => () =>
    encodeLink({ scenario: own, policy: 'go', moment, ...change })
  expect(encode({ moment: { time: Number.NaN, step: 0 } })).toThrow(/moment\.time .* NaN/)
  expect(encode({ moment: { time: 0, step: -1 } })).toThrow(/moment\.step .* -1/)
  expect(encode({ scenario: { title: '', threads: [] } })).toThrow(RangeError)
})

test.each([
  ['time', 1e12 - 1],
  ['step', 1e9 - 1],
])('what is too large to be read again is refused: %s beyond %d', (name, most) => {
  const link = (value: number) =>
    encodeLink({ scenario: own, policy: 'go', moment: { ...moment, [name]: value } })
  expect(decodeLink(link(most))).toMatchObject({ kind: 'ok', moment: { [name]: most } })
  expect(() => link(most + 1)).toThrow(RangeError)
  expect(() => link(most + 1)).toThrow(`moment.${name} must be from 0 to ${most}`)
})
