/** The wire carries its own messages and nothing else. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FromWorker, readFromWorker, readToWorker, type ToWorker } from './protocol'

const event = {
  type: 'grant',
  time: 1_700_000_000_000.125,
  agent: 'a1',
  task: 'Reader 1',
  lock: 'l',
  mode: 'shared',
  request: 'a1-3',
} as const

const setup: ToWorker = {
  type: 'setup',
  memory: undefined,
  lock: 'l',
  policy: 'phase-fair',
  thread: 'Reader 1',
  sections: [{ mode: 'read', at: 0, hold: 1 }],
  speed: 10,
}
const toWorker: readonly ToWorker[] = [
  setup,
  { ...setup, memory: new SharedArrayBuffer(8) },
  { type: 'keep-time', lock: 'l', memory: undefined },
  { type: 'ping' },
  { type: 'enough' },
  { type: 'start', at: 1_700_000_000_000 },
  { type: 'stop' },
]
const fromWorker: readonly FromWorker[] = [
  { type: 'ready' },
  { type: 'pong', time: 12.5 },
  { type: 'event', event },
  { type: 'event', event: { ...event, type: 'lost', reason: 'stolen' } },
  { type: 'finished', latest: 0.1, late: 0.4 },
  { type: 'stopped' },
  { type: 'failed', code: 'lock-lost', message: 'gone' },
]

test('every message is read as it was sent', () => {
  for (const message of toWorker) expect(readToWorker(message)).toBe(message)
  for (const message of fromWorker) expect(readFromWorker(message)).toBe(message)
})

describe('refused', () => {
  test.each<[string, unknown]>([
    ['no object', 'ready'],
    ['nothing', undefined],
    ['null', null],
    ['no type', {}],
    ['an unknown type', { type: 'hello' }],
    ['a type that every object has', { type: 'constructor' }],
    ['a type that is no text', { type: ['ready'] }],
    ['a message the other way', setup],
    ['a time that is none', { type: 'pong', time: Number.NaN }],
    ['a time as text', { type: 'pong', time: '1' }],
    ['an unknown failure', { type: 'failed', code: 'tired', message: '' }],
    ['no event', { type: 'event' }],
    ['an event of no kind', { type: 'event', event: { ...event, type: 'nap' } }],
    ['an event of no mode', { type: 'event', event: { ...event, mode: 'read' } }],
    ['an event without a task', { type: 'event', event: { ...event, task: undefined } }],
    ['an event without a time', { type: 'event', event: { ...event, time: undefined } }],
    ['a loss without a reason', { type: 'event', event: { ...event, type: 'lost' } }],
  ])('from a worker: %s', (_, value) => {
    expect(() => readFromWorker(value)).toThrow(TypeError)
  })

  test.each<[string, unknown]>([
    ['a message the other way', { type: 'ready' }],
    ['an unknown policy', { ...setup, policy: 'go' }],
    ['no sections', { ...setup, sections: undefined }],
    ['an unknown mode', { ...setup, sections: [{ mode: 'steal', at: 0, hold: 1 }] }],
    ['a section of no length', { ...setup, sections: [{ mode: 'read', at: 0, hold: 0 }] }],
    ['a speed of 0', { ...setup, speed: 0 }],
    ['a memory that is none', { ...setup, memory: new ArrayBuffer(8) }],
    ['a start at no time', { type: 'start', at: Number.POSITIVE_INFINITY }],
  ])('to a worker: %s', (_, value) => {
    expect(() => readToWorker(value)).toThrow(TypeError)
  })

  test('whatever else there is, with a sentence', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(() => readFromWorker(value)).toThrow(/^not a message from a worker/)
        expect(() => readToWorker(value)).toThrow(/^not a message to a worker/)
      }),
    )
  })
})
