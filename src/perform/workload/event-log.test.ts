import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstWorkload, runnersOf, type Workload } from '../../scenario'
import { anyWorkload } from '../../scenario/testing/any-workload'
import { EventLog, quotaFor, readBatch } from './event-log'

const action = (key: number, mode: 'read' | 'write') => ({ key, mode, think: 0, hold: 0 })

const shared: Workload = {
  ...firstWorkload,
  workers: 1,
  tabs: 1,
  tasks: 2,
  keys: 9,
  lock: { kind: 'rw-lock', policy: 'fifo', reach: 'origin', fair: 'strict' },
}

describe('a log', () => {
  it('gives back what was noted, on the page’s clock and in the words of the workload', () => {
    const log = new EventLog(10)
    const first = log.request(2, action(7, 'read'), 1_000.25)
    const second = log.request(3, action(0, 'write'), 1_001)
    first.note('grant', 1_002)
    second.note('abort', 1_003)
    first.note('release', 1_004.5)
    const events = readBatch(log.take(), shared, 1, 1_000)
    const one = { agent: 'Tab 1', task: 'Tab 1 · task 1', lock: 'key 8', mode: 'shared' }
    const other = { agent: 'Tab 1', task: 'Tab 1 · task 2', lock: 'key 1', mode: 'exclusive' }
    expect(events).toEqual([
      { type: 'request', time: 0.25, ...one, request: '1.0' },
      { type: 'request', time: 1, ...other, request: '1.1' },
      { type: 'grant', time: 2, ...one, request: '1.0' },
      { type: 'abort', time: 3, ...other, request: '1.1' },
      { type: 'release', time: 4.5, ...one, request: '1.0' },
    ])
    expect(log.take()).toHaveLength(0)
  })

  it('leaves whole acquisitions out when there are too many, and goes on with those it let in', () => {
    const log = new EventLog(2)
    const asked = [0, 1, 2].map((time) => log.request(0, action(0, 'write'), time))
    for (const each of asked) each.note('grant', 3)
    expect(log.dropped).toBe(1)
    expect(log.take()).toHaveLength(4 * 5)
    for (const each of asked) each.note('release', 4)
    log.request(0, action(0, 'write'), 5)
    const events = readBatch(log.take(), firstWorkload, 0, 0)
    expect(events.map(({ type, request }) => `${type} ${request}`)).toEqual([
      'release 0.0',
      'release 0.1',
      'request 0.2',
    ])
    expect(log.dropped).toBe(1)
  })

  it('never lets in more of all participants together than can be drawn, but one of each', () => {
    for (let participants = 1; participants <= 12; participants++) {
      expect(quotaFor(participants) * participants).toBeLessThan(3_000 + participants)
      expect(quotaFor(participants)).toBeGreaterThan(0)
    }
  })

  it('names every runner of a workload differently', () => {
    fc.assert(
      fc.property(anyWorkload, (workload) => {
        const tasks = Array.from({ length: runnersOf(workload) }, (_, runner) => {
          const log = new EventLog(1)
          log.request(runner, action(0, 'write'), 0)
          const participant = Math.floor(runner / workload.tasks)
          return readBatch(log.take(), workload, participant, 0)[0]?.task
        })
        expect(new Set(tasks).size).toBe(tasks.length)
        expect(tasks).not.toContain(undefined)
      }),
      { verbose: true, numRuns: 50 },
    )
  })

  it('refuses rows that are none', () => {
    expect(() => readBatch(Float64Array.of(99, 0, 0, 0, 0), firstWorkload, 0, 0)).toThrow(/99/)
  })
})
