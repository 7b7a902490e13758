/** Links of workloads: what was shared comes back exactly, and anything else is called broken. */

import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { packText } from './packed-text'
import { linkSum } from './sealed'
import { anyWorkload } from './testing/any-workload'
import type { Workload } from './workload'
import { decodeWorkloadLink, encodeWorkloadLink } from './workload-link'
import { packWorkload, unpackWorkload } from './workload-pack'
import { firstWorkload, workloadPresets } from './workload-presets'

// Hundreds of links each: seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const own: Workload = { ...firstWorkload, title: 'Größe & Ordnung', keys: 17 }

test('one workload, or two on one seed, come back as they were', () => {
  fc.assert(
    fc.property(anyWorkload, fc.option(anyWorkload), (a, other) => {
      const b = other === null ? undefined : { ...other, seed: a.seed }
      const link = encodeWorkloadLink({ a, b })
      expect(link).toMatch(/^#[\w=&.-]+$/)
      expect(decodeWorkloadLink(link)).toEqual({ kind: 'ok', a, ...(b && { b }) })
      expect(decodeWorkloadLink(link.slice(1)).kind).toBe('ok')
    }),
    { verbose: true, numRuns: 300 },
  )
})

test('presets are named', () => {
  for (const { id, workload } of workloadPresets) {
    const link = encodeWorkloadLink({ a: workload })
    expect(link).toMatch(new RegExp(`^#a=name\\.${id}&sum=`))
    expect(decodeWorkloadLink(link)).toEqual({ kind: 'ok', a: workload })
  }
})

test('carry the longest workload there can be', () => {
  const length = 1234.123456789012
  const spread = { kind: 'bimodal', short: length, long: 2 * length, longShare: 1 / 3 } as const
  const a: Workload = {
    ...own,
    title: '題'.repeat(120),
    ...{ hot: 1 / 3, reads: 1 / 3, readHold: spread, writeHold: spread, think: spread },
    lock: { kind: 'rw-lock', policy: 'phase-fair', reach: 'cluster', fair: 'bounded' },
    seed: 2 ** 32 - 1,
  }
  const b = { ...a, keys: 10_000 }
  expect(decodeWorkloadLink(encodeWorkloadLink({ a, b }))).toEqual({ kind: 'ok', a, b })
})

describe('a broken link', () => {
  const good = encodeWorkloadLink({ a: own, b: { ...own, workers: 2 } })

  test('no link at all is not a broken one', () => {
    expect(decodeWorkloadLink('')).toEqual({ kind: 'absent' })
    expect(decodeWorkloadLink('#')).toEqual({ kind: 'absent' })
  })

  test('cut short anywhere', () => {
    for (let length = 2; length < good.length; length++) {
      expect(decodeWorkloadLink(good.slice(0, length)).kind).toBe('broken')
    }
  })

  test('altered anywhere', () => {
    for (let at = 1; at < good.length; at++) {
      const altered = `${good.slice(0, at)}${good[at] === 'a' ? 'b' : 'a'}${good.slice(at + 1)}`
      expect(decodeWorkloadLink(altered).kind, altered).toBe('broken')
    }
  })

  test('garbage never throws, and says why in a sentence', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const result = decodeWorkloadLink(`#${text}`)
        if (result.kind === 'broken') expect(result.why).toMatch(/^This link .+\.$/s)
        else expect(text.replace(/^#/, '')).toBe('')
      }),
      { verbose: true, numRuns: 500 },
    )
  })

  const sealed = (body: string) => decodeWorkloadLink(`#${body}&sum=${linkSum(body)}`)

  test('made up with a right sum is read no further than it makes sense', () => {
    const lines = packLines(own)
    for (let line = 1; line < lines.length; line++) {
      for (const other of ['', 'x', '1,1,1,1', 'f-1', 't1e9', '0x10', ' 1']) {
        const text = lines.map((each, at) => (at === line ? other : each)).join('\n')
        expect(sealed(`a=${packText(text)}`).kind, text).toBe('broken')
      }
    }
    expect(sealed(`a=${packText([...lines, ''].join('\n'))}`).kind).toBe('broken')
    expect(sealed('a=name.unheard-of')).toEqual(unreadable)
    expect(sealed('a=A')).toEqual(unreadable)
    expect(sealed('b=name.first')).toMatchObject({ kind: 'broken' })
  })

  const unreadable = { kind: 'broken', why: 'This link holds a workload that cannot be read.' }

  test('that compares two seeds is neither made nor read', () => {
    const b = { ...own, seed: 2 }
    expect(() => encodeWorkloadLink({ a: own, b })).toThrow(/b.seed must be that of a, 1, got 2/)
    expect(sealed(`a=${packWorkload(own)}&b=${packWorkload(b)}`)).toEqual({
      kind: 'broken',
      why: 'This link compares workloads of different seeds.',
    })
  })

  test('is refused unread when it is too long', () => {
    expect(decodeWorkloadLink(`#${'a'.repeat(10_000_000)}`)).toMatchObject({ kind: 'broken' })
  })
})

test('refuses to encode what is not a workload', () => {
  expect(() => encodeWorkloadLink({ a: { ...own, workers: 9 } })).toThrow(/workers .* got 9/)
  expect(() => encodeWorkloadLink({ a: own, b: { ...own, keys: 0 } })).toThrow(/keys .* got 0/)
})

function packLines(workload: Workload): readonly string[] {
  const packed = packWorkload(workload)
  expect(unpackWorkload(packed)).toEqual(workload)
  const bytes = atob(packed.replaceAll('-', '+').replaceAll('_', '/'))
  return new TextDecoder().decode(Uint8Array.from(bytes, (each) => each.charCodeAt(0))).split('\n')
}
