/** speedscope's files, read back by the rules of its schema and of its importer. */

import { expect, test } from 'vitest'
import type { Recording } from '../recording'
import { speedscope } from './speedscope'
import {
  agent,
  eventsOf,
  nothing,
  recordingOf,
  strangeNames,
  strangers,
  threeInARow,
} from './testing/stories'

interface Raw {
  readonly $schema: string
  readonly shared: { readonly frames: readonly { name: string; file?: string; line?: number }[] }
  readonly profiles: readonly {
    readonly type: string
    readonly name: string
    readonly unit: string
    readonly startValue: number
    readonly endValue: number
    readonly samples?: readonly (readonly number[])[]
    readonly weights?: readonly number[]
    readonly events?: readonly {
      readonly type: string
      readonly at: number
      readonly frame: number
    }[]
  }[]
}

const units = ['none', 'nanoseconds', 'microseconds', 'milliseconds', 'seconds', 'bytes']

/** Each profile's stacks: those of a sampled one with weights, of an evented one with their times. */
function read(recording: Recording) {
  const { $schema, shared, profiles } = JSON.parse(speedscope(recording)) as Raw
  if ($schema !== 'https://www.speedscope.app/file-format-schema.json') throw new Error($schema)
  const nameOf = (index: number) => {
    const frame = shared.frames[index]
    if (typeof frame?.name !== 'string') throw new Error(`no frame ${index}`)
    return frame.name
  }
  return profiles.map((profile) => {
    const { type, name, unit, startValue, endValue } = profile
    if (!units.includes(unit) || startValue > endValue) throw new Error(`${unit} ${startValue}`)
    if (type === 'evented') return { name, stacks: evented(profile, nameOf) }
    const { samples = [], weights = [] } = profile
    if (type !== 'sampled' || samples.length !== weights.length) throw new Error(type)
    const stacks = samples.map((stack, at) => `${stack.map(nameOf).join(' > ')} ${weights[at]}`)
    return { name, stacks }
  })
}

function evented(
  { events = [], startValue, endValue }: Raw['profiles'][number],
  nameOf: (index: number) => string,
): string[] {
  const open: { readonly frame: number; readonly at: number; readonly line: number }[] = []
  const stacks: string[] = []
  let now = startValue
  for (const { type, at, frame } of events) {
    if (at < now || at > endValue) throw new Error(`${at} after ${now}`)
    now = at
    if (type === 'O') {
      open.push({ frame, at, line: stacks.push('') - 1 })
      continue
    }
    const path = open.map((each) => nameOf(each.frame)).join(' > ')
    const top = open.pop()
    if (type !== 'C' || top?.frame !== frame) throw new Error(`${type} of ${frame}`)
    stacks[top.line] = `${path} ${top.at}–${at}`
  }
  if (open.length > 0) throw new Error(`${open.length} frames stay open`)
  return stacks
}

test('waiting by both charges, then what each agent did', () => {
  expect(read(threeInARow)).toEqual([
    {
      name: 'Waiting, by who stood in the way',
      stacks: ['checkout > cart (exclusive) 3', 'sync > cart (exclusive) 7'],
    },
    {
      name: 'Waiting, by who waited',
      stacks: ['sync > cart (exclusive) 3', 'admin.js:30:1 > cart (exclusive) 7'],
    },
    { name: 'Shop', stacks: ['cart (exclusive) 0–4000', 'cart (exclusive) > hold 0–4000'] },
    {
      name: 'sync worker',
      stacks: [
        'cart (exclusive) 1000–9000',
        'cart (exclusive) > wait 1000–4000',
        'cart (exclusive) > hold 4000–9000',
      ],
    },
    {
      name: 'Admin',
      stacks: [
        'cart (exclusive) 2000–10000',
        'cart (exclusive) > wait 2000–9000',
        'cart (exclusive) > hold 9000–10000',
      ],
    },
  ])
})

test('frames know their file, line and column, and stand there once', () => {
  const { shared } = JSON.parse(speedscope(threeInARow)) as Raw
  expect(shared.frames).toContainEqual({
    ...{ name: 'sync', file: 'https://shop.test/worker.js', line: 20, col: 9 },
  })
  expect(new Set(shared.frames.map((frame) => JSON.stringify(frame))).size).toBe(
    shared.frames.length,
  )
})

test('what overlaps is beside each other, what lies inside is inside', () => {
  const events = eventsOf([
    '0 request a1 l exclusive one',
    '0 grant a1 l exclusive one',
    '0 request a2 m exclusive one',
    '0 grant a2 m exclusive one',
    '2 request a3 k exclusive two',
    '2 grant a3 k exclusive two',
    '4 release a2 m exclusive one',
    '4 release a1 l exclusive one',
    '5 release a3 k exclusive two',
  ])
  const agents = [agent({ agent: 'a', name: 'Shop' })]
  expect(read(recordingOf({ agents, events })).slice(2)).toEqual([
    {
      name: 'Shop',
      stacks: [
        'l (exclusive) 0–4000',
        'l (exclusive) > hold 0–4000',
        'l (exclusive) > hold > m (exclusive) 0–4000',
        'l (exclusive) > hold > m (exclusive) > hold 0–4000',
      ],
    },
    { name: 'Shop (2)', stacks: ['k (exclusive) 2000–5000', 'k (exclusive) > hold 2000–5000'] },
  ])
})

test('an empty recording is two empty profiles; what is none is refused', () => {
  expect(read(nothing).map(({ stacks }) => stacks)).toEqual([[], []])
  expect(() => speedscope({} as never)).toThrow(TypeError)
})

test('names may be anything', () => {
  const [releasers] = read(strangers)
  expect(releasers?.stacks.map((stack) => stack.split(' > ').at(-1))).toEqual(
    strangeNames.map(
      (name, at) => `${name.replace('half \ud83d', 'half \ufffd')} (shared) ${at + 1}`,
    ),
  )
})
