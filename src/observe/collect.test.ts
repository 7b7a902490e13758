/** Several agents, each with a clock of its own, and what comes together of them. */

import { afterEach, expect, test } from 'vitest'
import type { Bus } from '../locks/ports/bus'
import { type TestLocks, testLocks } from '../locks/testing/test-locks'
import { microtasks } from '../locks/testing/virtual-clock'
import { Recorder } from './record'
import type { AgentRecord, Recording } from './recording'

/** Messages are copied, and come in a later turn to all but their sender. */
class TestChannel {
  readonly #ears = new Set<{ readonly from: object; readonly hear: (message: unknown) => void }>()

  open(deaf = () => false): Bus {
    const self = {}
    return {
      post: (message) => {
        const copy = structuredClone(message)
        for (const { from, hear } of [...this.#ears]) {
          if (from !== self) queueMicrotask(() => hear(copy))
        }
      },
      listen: (hear) => {
        const ear = { from: self, hear: (message: unknown) => deaf() || hear(message) }
        this.#ears.add(ear)
        return () => this.#ears.delete(ear)
      },
    }
  }
}

interface Agent extends TestLocks {
  readonly recorder: Recorder
  deaf: boolean
}

const open: Recorder[] = []
afterEach(() => {
  for (const recorder of open.splice(0)) recorder.stop()
})

function agentOn(channel: TestChannel, now: number): Agent {
  const made = testLocks()
  made.clock.set(now)
  const agent: Partial<Agent> & { deaf: boolean } = { deaf: false }
  const bus = channel.open(() => agent.deaf)
  const recorder = new Recorder(made.locks.space, 1, 100, bus)
  open.push(recorder)
  return Object.assign(agent, made, { recorder })
}

async function hold({ locks, clock }: Agent, name: string, ms: number): Promise<void> {
  const held = await locks.mutex(name).acquire()
  clock.advance(ms)
  held.release()
  await clock.settle()
}

/** Time goes on for who waits, until he has what he wants. */
async function finish<T>({ clock }: Agent, waiting: Promise<T>): Promise<T> {
  let done = false
  const end = () => {
    done = true
  }
  waiting.then(end, end)
  for (let step = 0; step < 500 && !done; step++) {
    await microtasks()
    if (!done) clock.advance(10)
  }
  return waiting
}

test('what all have recorded comes on the clock of the one who asks', async () => {
  const channel = new TestChannel()
  const [ours, theirs] = [agentOn(channel, 5_000), agentOn(channel, 90_000)]
  await hold(ours, 'a', 10)
  await hold(theirs, 'a', 30)
  const { locks, events, agents, from, to } = await finish(ours, ours.recorder.collect())
  expect(locks).toMatchObject([{ lock: 'a', grants: 2, hold: { count: 2, sum: 40, max: 30 } }])
  expect(agents.map(({ offset, uncertainty }) => [offset, uncertainty])).toEqual([
    [0, 0],
    // When they were asked, ours showed 5,010 (and the waits of the asking), theirs 90,030.
    [expect.closeTo(5_010 - 90_030, -2), expect.any(Number)],
  ])
  const offset = agents[1]?.offset ?? 0
  const own = theirs.recorder.recording().events
  expect(events.filter(({ agent }) => agent === own[0]?.agent)).toEqual(
    own.map((event) => ({ ...event, time: event.time + offset })),
  )
  for (const { time } of events) {
    expect(time).toBeGreaterThanOrEqual(from)
    expect(time).toBeLessThanOrEqual(to)
  }
  expect([...events].sort((a, b) => a.time - b.time)).toEqual(events)
})

test('alone, it is what it has recorded itself', async () => {
  const agent = agentOn(new TestChannel(), 0)
  await hold(agent, 'a', 10)
  const { locks, agents } = await finish(agent, agent.recorder.collect())
  expect(locks).toEqual(agent.recorder.recording().locks)
  expect(agents).toHaveLength(1)
})

test('who was there and does not answer is silent, and told once', async () => {
  const channel = new TestChannel()
  const [ours, theirs] = [agentOn(channel, 0), agentOn(channel, 0)]
  await finish(ours, ours.recorder.collect())
  theirs.deaf = true
  const { agents } = await finish(ours, ours.recorder.collect())
  expect(agents).toHaveLength(2)
  expect(agents[1]).toMatchObject({
    agent: theirs.locks.space.agent,
    gaps: [{ why: 'silent' }],
  })
  const later = await finish(ours, ours.recorder.collect())
  expect(later.agents).toHaveLength(1)
})

test('who has stopped is not silent', async () => {
  const channel = new TestChannel()
  const [ours, theirs] = [agentOn(channel, 0), agentOn(channel, 0)]
  await finish(ours, ours.recorder.collect())
  theirs.recorder.stop()
  await microtasks()
  const { agents } = await finish(ours, ours.recorder.collect())
  expect(agents).toHaveLength(1)
})

test('it takes no longer than it may', async () => {
  const channel = new TestChannel()
  const ours = agentOn(channel, 0)
  // Somebody who says that he is there, and nothing more.
  const stranger = channel.open()
  stranger.listen((message) => {
    const { type, id, round } = message as { type: string; id: string; round: number }
    if (type !== 'ping' || round > 0) return
    const agent = { ...ours.recorder.recording().agents[0], agent: 'stranger' }
    stranger.post({ latchkey: 1, type: 'pong', id, round, agent, time: 0 })
  })
  const { agents } = await finish(ours, ours.recorder.collect({ timeout: 700 }))
  expect(ours.clock.now()).toBeLessThanOrEqual(720)
  expect(agents.map(({ agent }) => agent)).toContain('stranger')
})

/** An agent of another release: it answers, with what `change` makes of a recording. */
function another(
  channel: TestChannel,
  own: Agent,
  change: (recording: Recording) => unknown,
): void {
  const bus = channel.open()
  const recording = own.recorder.recording()
  const agent = { ...recording.agents[0], agent: 'another' } as AgentRecord
  bus.listen((message) => {
    const { type, id, round } = message as { type: string; id: string; round: number }
    const answer = { latchkey: 1, id }
    if (type === 'ping') bus.post({ ...answer, type: 'pong', round, agent, time: 0 })
    if (type !== 'give') return
    const changed = change({ ...recording, agents: [agent] })
    bus.post({ ...answer, type: 'given', agent: 'another', recording: changed })
  })
}

const noNumber = Number.NaN
const badRecordings: readonly (readonly [string, (recording: Recording) => unknown])[] = [
  ['another version', (recording) => ({ ...recording, version: 2 })],
  ['another format', (recording) => ({ ...recording, format: 'latchkey' })],
  ['nothing', () => null],
  ['no agents', ({ agents: _, ...recording }) => recording],
  ['no time', (recording) => ({ ...recording, from: 'now' })],
  ['an event that is none', (recording) => ({ ...recording, events: [null] })],
  ['an event without a time', (recording) => ({ ...recording, events: [{ type: 'grant' }] })],
  [
    'locks without counts',
    (recording) => ({ ...recording, locks: [{ lock: 'a', mode: 'shared' }] }),
  ],
  [
    'a count that is no number',
    ({ locks, ...recording }) => ({
      ...recording,
      locks: locks.map((each) => ({ ...each, grants: noNumber })),
    }),
  ],
  ['a delay that is none', (recording) => ({ ...recording, contention: [{ lock: 'a' }] })],
  [
    'a mode that is none',
    ({ locks, ...recording }) => ({
      ...recording,
      locks: locks.map((each) => ({ ...each, mode: 'upgradable' })),
    }),
  ],
]

test.each(badRecordings)('who gives %s is silent, and all others are heard', async (_, change) => {
  const channel = new TestChannel()
  const [ours, theirs] = [agentOn(channel, 0), agentOn(channel, 0)]
  await hold(ours, 'a', 10)
  await hold(theirs, 'a', 10)
  another(channel, ours, change)
  const asked = ours.clock.now()
  const { agents, locks, version } = await finish(ours, ours.recorder.collect({ timeout: 60_000 }))
  expect(version).toBe(1)
  expect(locks).toMatchObject([{ grants: 2 }])
  expect(agents.map(({ gaps }) => gaps.map(({ why }) => why))).toEqual([[], ['silent'], []])
  expect(agents[1]?.agent).toBe('another')
  // Nobody waits for what has come.
  expect(ours.clock.now() - asked).toBeLessThan(5_000)
})

test('what the same agent gives as it should is heard', async () => {
  const channel = new TestChannel()
  const ours = agentOn(channel, 0)
  await hold(ours, 'a', 10)
  another(channel, ours, (recording) => recording)
  const { agents, locks } = await finish(ours, ours.recorder.collect())
  expect(locks).toMatchObject([{ grants: 2 }])
  expect(agents.map(({ gaps }) => gaps)).toEqual([[], []])
})

test('who answers without saying who he is, or when, is not asked on', async () => {
  const channel = new TestChannel()
  const ours = agentOn(channel, 0)
  const stranger = channel.open()
  stranger.listen((message) => {
    const { id, round } = message as { id: string; round: number }
    const [agent] = ours.recorder.recording().agents
    const pong = { latchkey: 1, type: 'pong', id, round }
    stranger.post({ ...pong, time: 0 })
    stranger.post({ ...pong, agent: { ...agent, agent: 'x', gaps: undefined }, time: 0 })
    stranger.post({ ...pong, agent: { ...agent, agent: 'y' }, time: 'now' })
  })
  expect((await finish(ours, ours.recorder.collect())).agents).toHaveLength(1)
})

test('it can be given up, and leaves no timer', async () => {
  const ours = agentOn(new TestChannel(), 0)
  const controller = new AbortController()
  const collecting = ours.recorder.collect({ signal: controller.signal })
  controller.abort('enough')
  await expect(collecting).rejects.toBe('enough')
  expect(ours.clock.timers).toBe(0)
  await expect(ours.recorder.collect({ signal: controller.signal })).rejects.toBe('enough')
})

test('messages of others mean nothing', async () => {
  const channel = new TestChannel()
  const ours = agentOn(channel, 0)
  const stranger = channel.open()
  for (const message of [null, 'ping', { latchkey: 2 }, { latchkey: 1, type: 'given' }]) {
    stranger.post(message)
  }
  await microtasks()
  const { agents } = await finish(ours, ours.recorder.collect())
  expect(agents).toHaveLength(1)
})

test.each([
  [{ timeout: -1 }, /^timeout must be between/],
  [{ signal: 5 }, /^signal must be an AbortSignal/],
])('refuses %o', async (options, message) => {
  const { recorder } = agentOn(new TestChannel(), 0)
  await expect(recorder.collect(options as object)).rejects.toThrow(message)
})
