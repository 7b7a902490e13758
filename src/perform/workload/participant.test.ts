/** A participant on a virtual clock, under locks that can be looked into. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Histogram } from '../../observe'
import { firstWorkload, type Workload, type WorkloadLock } from '../../scenario'
import { type Counters, openCounters } from './counters'
import { EventLog, readBatch } from './event-log'
import { Participant } from './participant'
import type { Pausing } from './pausing'
import { type Lock, openLock } from './workload-locks'

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

const pausing: Pausing = {
  now: () => Date.now(),
  pause: (ms, signal) =>
    new Promise((resolve) => {
      if (ms <= 0 || signal.aborted) return resolve()
      const finish = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', finish)
        resolve()
      }
      const timer = setTimeout(finish, ms)
      signal.addEventListener('abort', finish)
    }),
  turn: () => new Promise((resolve) => setTimeout(resolve, 0)),
}

const alone: Workload = {
  ...firstWorkload,
  workers: 1,
  tasks: 3,
  think: { kind: 'fixed', ms: 2 },
  writeHold: { kind: 'fixed', ms: 10 },
  end: { kind: 'actions', actions: 9, shared: 'evenly' },
}

let runs = 0

async function partOf(workload: Workload, given: { lock?: Lock; counters?: Counters } = {}) {
  const log = new EventLog(1_000)
  const [over, stop] = [new AbortController(), new AbortController()]
  const lock = given.lock ?? openLock(workload, `participant test ${++runs}`, undefined)
  const counters = given.counters ?? (await openCounters({ kind: 'own' }, workload.keys))
  const part = { workload, participant: 0, lock, counters, log, pausing }
  const participant = new Participant({ ...part, over: over.signal, stop: stop.signal })
  const events = () => readBatch(log.take(), workload, 0, 0)
  return { participant, over, stop, events }
}

async function played(workload: Workload) {
  const part = await partOf(workload)
  const playing = part.participant.play()
  await vi.runAllTimersAsync()
  await playing
  return { tally: part.participant.tally(), events: part.events(), took: Date.now() }
}

const realm = { reach: 'realm', fair: 'strict' } as const

describe('a participant', () => {
  it.each<[WorkloadLock]>([
    [{ kind: 'mutex', ...realm }],
    [{ kind: 'keyed-mutex', ...realm }],
    [{ kind: 'rw-lock', policy: 'phase-fair', ...realm }],
    [{ kind: 'rw-lock', policy: 'fifo', ...realm }],
    [{ kind: 'async-mutex' }],
  ])(
    'under %o: holds follow each other, in the order in which they were asked for',
    async (lock) => {
      const { tally, events, took } = await played({ ...alone, lock })
      // All think for 2 ms, then nine holds of 10 ms come one after the other.
      expect(took).toBe(92)
      expect(tally).toMatchObject({ done: 9, writes: 9, lost: 0, aborted: 0, dropped: 0 })
      const of = (wanted: string) => events.filter(({ type }) => type === wanted)
      expect(of('grant').map(({ time }) => time)).toEqual([2, 12, 22, 32, 42, 52, 62, 72, 82])
      expect(of('release').map(({ time }) => time)).toEqual([12, 22, 32, 42, 52, 62, 72, 82, 92])
      expect(of('request')).toHaveLength(9)
      // The first round waits 0, 10 and 20; who comes back after 2 ms waits for the other two.
      const wait = Histogram.from(tally.wait)
      expect([wait.count, wait.sum, wait.max]).toEqual([9, 0 + 10 + 20 + 6 * 18, 20])
      expect(Histogram.from(tally.hold)).toMatchObject({ count: 9, sum: 90 })
    },
  )

  it('without a lock loses what overlaps', async () => {
    const { tally, took } = await played({ ...alone, lock: { kind: 'none' } })
    // Three at once, three times: of each three only one is left.
    expect(took).toBe(36)
    expect(tally).toMatchObject({ done: 9, writes: 9, lost: 6 })
  })

  it('reads write nothing, and share an RW lock', async () => {
    const lock = { kind: 'rw-lock', policy: 'fifo', ...realm } as const
    const readHold = { kind: 'fixed', ms: 10 } as const
    const { tally, events, took } = await played({ ...alone, lock, reads: 1, readHold })
    expect(took).toBe(36)
    expect(tally).toMatchObject({ done: 9, writes: 0, lost: 0 })
    expect(new Set(events.map(({ mode }) => mode))).toEqual(new Set(['shared']))
  })

  it.each<[WorkloadLock]>([[{ kind: 'mutex', ...realm }], [{ kind: 'async-mutex' }]])(
    'when the time is over under %o, who holds finishes and who waits gives up',
    async (lock) => {
      const workload: Workload = { ...alone, lock, end: { kind: 'time', ms: 1_000 } }
      const { participant, over, events } = await partOf(workload)
      const playing = participant.play()
      await vi.advanceTimersByTimeAsync(15)
      over.abort(new Error('time is up'))
      await vi.runAllTimersAsync()
      await playing
      const tally = participant.tally()
      expect(tally).toMatchObject({ done: 2, writes: 2, lost: 0, aborted: 2 })
      const last = new Map(events().map(({ request, type, time }) => [request, [type, time]]))
      expect([...last.values()]).toEqual([
        ['release', 12],
        ['release', 22],
        ['abort', 15],
        ['abort', 15],
      ])
    },
  )

  it('given up, ends at once', async () => {
    const workload: Workload = { ...alone, lock: { kind: 'mutex', ...realm } }
    const { participant, stop } = await partOf(workload)
    const playing = participant.play()
    await vi.advanceTimersByTimeAsync(5)
    stop.abort()
    await playing
    expect(Date.now()).toBe(5)
  })

  it('lets other tasks of the event loop come through, even where nothing takes time', async () => {
    vi.useRealTimers()
    const none = { kind: 'fixed', ms: 0 } as const
    const end = { kind: 'time', ms: 1_000 } as const
    const lock = { kind: 'mutex', ...realm } as const
    const { participant, over } = await partOf({
      ...alone,
      think: none,
      writeHold: none,
      end,
      lock,
    })
    setTimeout(() => over.abort(new Error('time is up')), 20)
    await participant.play()
    expect(participant.tally().done).toBeGreaterThan(0)
  })

  it('fails with its lock', async () => {
    const stolen = new Error('stolen')
    const lock: Lock = async (_action, _signal, section) => {
      await section()
      throw stolen
    }
    const { participant } = await partOf(alone, { lock })
    const playing = expect(participant.play()).rejects.toBe(stolen)
    await vi.runAllTimersAsync()
    await playing
  })
})
