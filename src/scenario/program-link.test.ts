/** Links of programs: what was shared comes back exactly; anything else is called broken. */

import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { programLimits } from './program-limits'
import { decodeProgramLink, encodeProgramLink, maxSchedule } from './program-link'
import { packProgram, unpackProgram } from './program-pack'
import { linkSum } from './sealed'
import { anyProgram } from './testing/any-program'
import { parsed } from './testing/parsed'

// Hundreds of links each: seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const ab = parsed(`title AB–BA
thread A
  lock a
  sleep 1..10
  lock b
thread B
  lock b
  lock a`)
const content = { program: ab, schedule: [0, 1, 0, 1], at: 3 }

test('program, schedule and place come back', () => {
  const sample = fc.tuple(anyProgram, fc.array(fc.nat(), { maxLength: 50 }), fc.nat())
  fc.assert(
    fc.property(sample, ([program, choices, place]) => {
      const schedule = choices.map((choice) => choice % program.threads.length)
      const at = place % (schedule.length + 1)
      const link = encodeProgramLink({ program, schedule, at })
      expect(link).toMatch(/^#[\w=&-]+[0-9a-z]$/)
      expect(decodeProgramLink(link)).toStrictEqual({ kind: 'ok', program, schedule, at })
    }),
    { verbose: true },
  )
})

test('are short', () => {
  expect(encodeProgramLink(content).length).toBeLessThan(110)
})

test('carry the largest program there can be', () => {
  const { threads, statements, locks, name } = programLimits
  const names = Array.from(
    { length: locks },
    (_, index) => `l${'o'.repeat(name - 3)}${index % 10}${index > 9 ? 'x' : 'y'}`,
  )
  const all = `all ${names.join(' ')}`
  const bodies = Array.from({ length: threads }, (_, index) => {
    const lines = Array.from({ length: statements }, () => all)
    return `thread ${'題'.repeat(name - 1)}${index}\n${lines.join('\n')}`
  })
  const program = parsed(`title ${'題'.repeat(120)}\n${bodies.join('\n')}`)
  const schedule = Array.from({ length: maxSchedule }, () => threads - 1)
  const link = encodeProgramLink({ program, schedule, at: maxSchedule })
  expect(decodeProgramLink(link)).toMatchObject({ kind: 'ok', program, at: maxSchedule })
})

describe('a broken link', () => {
  const good = encodeProgramLink(content)

  test('no link at all is not a broken one', () => {
    expect(decodeProgramLink('')).toStrictEqual({ kind: 'absent' })
    expect(decodeProgramLink('#')).toStrictEqual({ kind: 'absent' })
  })

  test('cut short or altered anywhere', () => {
    for (let at = 1; at < good.length; at++) {
      if (at > 1) expect(decodeProgramLink(good.slice(0, at)).kind).toBe('broken')
      const altered = `${good.slice(0, at)}${good[at] === 'a' ? 'b' : 'a'}${good.slice(at + 1)}`
      expect(decodeProgramLink(altered).kind, altered).toBe('broken')
    }
  })

  test('garbage never throws, and says why in a sentence', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const result = decodeProgramLink(`#${text}`)
        if (result.kind === 'broken') expect(result.why).toMatch(/^This link .+\.$/s)
        else expect(text.replace(/^#/, '')).toBe('')
      }),
      { verbose: true, numRuns: 500 },
    )
  })

  test('made up with a right sum is read no further than it makes sense', () => {
    const packed = packProgram(ab)
    const link = (body: string) => decodeProgramLink(`#${body}&sum=${linkSum(body)}`)
    expect(link(`program=${packed}`)).toMatchObject({ kind: 'ok', schedule: [], at: 0 })
    expect(link(`program=${packed}&schedule=02&at=0`)).toMatchObject({
      why: 'This link holds a schedule that cannot be run.',
    })
    expect(link(`program=${packed}&schedule=01&at=3`).kind).toBe('broken')
    expect(link(`program=${packed}&schedule=01`).kind).toBe('broken')
    expect(link(`program=${packed}&at=0`).kind).toBe('broken')
    expect(link('program=AAAA').kind).toBe('broken')
    expect(link(`program=${packed}&schedule=${'0'.repeat(maxSchedule + 1)}&at=0`).kind).toBe(
      'broken',
    )
  })

  test('is refused unread when it is too long', () => {
    expect(decodeProgramLink(`#${'a'.repeat(10_000_000)}`)).toMatchObject({ kind: 'broken' })
  })
})

test('a packed program is read only in the one form in which it is packed', () => {
  const pack = (text: string) => btoa(text).replace(/=+$/, '')
  expect(unpackProgram(pack('T\ngo\nA:La,Ua'))).toMatchObject({ title: 'T' })
  const wrong = ['T\nlifo\nA:La', 'T\ngo\nA:', 'T\ngo\nA:La:', 'T\ngo', 'T\ngo\nA:La\nA:La', '']
  const odd = ['T\ngo\nA:S1', 'T\ngo\nA:S01.2', 'T\ngo\nA:Xa', 'T\ngo,x.1e3\nA:La', 'T\ngo\nA:T ']
  for (const text of [...wrong, ...odd]) expect(unpackProgram(pack(text)), text).toBeUndefined()
  const binary = fc.string({ unit: 'binary-ascii' })
  fc.assert(
    fc.property(binary, (text) => {
      const program = unpackProgram(pack(text))
      if (program) expect(packProgram(program)).toBe(pack(text))
    }),
    { verbose: true },
  )
})

test('refuses to encode what is not a program, a schedule of it or a place in it', () => {
  const encode = (change: Partial<typeof content>) => () =>
    encodeProgramLink({ ...content, ...change })
  expect(encode({ schedule: [2] })).toThrow(/names thread 2; there are 2/)
  expect(encode({ schedule: [0.5] })).toThrow(/names thread 0\.5/)
  expect(encode({ at: 5 })).toThrow(/at must be from 0 to 4, got 5/)
  expect(encode({ at: Number.NaN })).toThrow(/got NaN/)
  expect(encode({ program: { ...ab, threads: [] } })).toThrow(/needs a thread/)
})
