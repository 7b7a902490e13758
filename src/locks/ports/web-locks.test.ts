/**
 * What the conformance tests cannot see: when a browser hears what the port tells it, and what
 * becomes of a page that sleeps.
 */

import { describe, expect, test } from 'vitest'
import { createLockManager } from '../lock-manager'
import { Probe, type ProbeOptions } from '../testing/probe'
import { VirtualClock } from '../testing/virtual-clock'
import { MemoryPort } from './memory'
import { WebLocksPort } from './web-locks'

/** As Chromium: it listens for a hold's end only after all microtasks of its callback. */
function chromium(heard: (what: string) => void): LockManager {
  const request = async (
    _name: string,
    _options: LockOptions,
    callback: LockGrantedCallback<unknown>,
  ): Promise<void> => {
    const hold = callback({ name: 'a', mode: 'exclusive' })
    for (let i = 0; i < 50; i++) await undefined
    heard('listens')
    await hold
    heard('let go')
  }
  const query = async () => ({ held: [], pending: [] })
  return { request, query } as object as LockManager
}

test('a release is heard before its user works on, however soon it comes', async () => {
  const journal: string[] = []
  const port = new WebLocksPort(chromium((what) => journal.push(what)))
  await new Promise<void>((resolve) => {
    const hears = async (what: string, probe: Probe) => {
      journal.push(what)
      if (what !== 'granted') return
      probe.release()
      // As many turns as `run` takes from its release to the code behind it, and a few.
      for (let i = 0; i < 5; i++) await undefined
      journal.push('works on')
      resolve()
    }
    new Probe(port, 'probe', { hears }).ask()
  })
  expect(journal).toEqual(['listens', 'granted', 'let go', 'works on'])
})

/**
 * As Chromium: until the browser has answered an agent for the first time, each of its requests
 * waits for leave of its own, and one that is aborted meanwhile is asked for nevertheless.
 */
function forgetful(browser: LockManager) {
  const asked: (() => void)[] = []
  let admitted = false
  const leave = () => new Promise<void>((resolve) => asked.push(resolve))
  const manager = {
    async request(
      name: string,
      { signal, ...options }: LockOptions,
      callback: LockGrantedCallback<unknown>,
    ): Promise<unknown> {
      if (!admitted) await leave()
      const heeded = signal?.aborted ? undefined : signal
      return browser.request(name, { ...options, signal: heeded } as LockOptions, callback)
    },
    async query() {
      if (!admitted) await leave()
      return browser.query()
    },
  } as object as LockManager
  const answerOne = () => {
    asked.shift()?.()
    admitted = true
  }
  return { manager, answerOne }
}

test('what is given up before the browser admits an agent leaves nothing behind', async () => {
  const clock = new VirtualClock()
  const browser = createLockManager({ port: new MemoryPort(clock, 'browser') })
  const { manager, answerOne } = forgetful(browser)
  const port = new WebLocksPort(manager, undefined, clock, [])
  const holder = new Probe(new WebLocksPort(browser, undefined, clock, []), 'holder', {})
  holder.ask()
  const probes = ['a', 'a', 'b', 'a'].map((name) => new Probe(port, name, { name }))
  const [first, second, third, fourth] = probes
  for (const probe of probes) probe.ask()
  first?.cancel()
  // The first two have their leave, the others not yet.
  for (let turn = 0; turn < 6; turn++) {
    answerOne()
    await clock.settle()
    if (turn !== 1) continue
    second?.cancel()
    fourth?.cancel()
  }
  expect((await browser.query()).pending).toEqual([])
  expect(third?.state).toBe('held')
  third?.release()
  holder.release()
  await clock.settle()
  expect(await browser.query()).toEqual({ held: [], pending: [] })
  expect(probes.map(({ mistakes }) => mistakes)).toEqual([[], [], [], []])
})

describe('a page that sleeps', () => {
  const clock = new VirtualClock()
  const setUp = () => {
    const browser = createLockManager({ port: new MemoryPort(clock, 'browser') })
    const page = new EventTarget()
    const port = new WebLocksPort(browser, undefined, clock, [page])
    const other = new WebLocksPort(browser, undefined, clock, [])
    const asker = (of: WebLocksPort) => async (options: ProbeOptions) => {
      const probe = new Probe(of, 'probe', options)
      probe.ask()
      await clock.settle()
      return probe
    }
    const fire = async (type: string, persisted = false) => {
      page.dispatchEvent(Object.assign(new Event(type), { persisted }))
      await clock.settle()
    }
    return { port, ask: asker(port), askElsewhere: asker(other), fire }
  }

  test.each([
    ['freeze', 'resume'],
    ['pagehide', 'pageshow'],
  ])('between %s and %s is granted nothing, and asks again', async (sleep, wake) => {
    const { port, ask, askElsewhere, fire } = setUp()
    const holder = await askElsewhere({})
    const waiting = await ask({})
    const given = await ask({})
    const rival = await askElsewhere({})
    await fire(sleep)
    // Nothing of it stands in the queue, but it goes on to wait.
    expect((await port.query()).pending).toHaveLength(1)
    expect([...port.live()]).toEqual([waiting, given])
    const late = await ask({ name: 'b' })
    given.cancel()
    holder.release()
    await clock.settle()
    expect([waiting.state, rival.state, late.state]).toEqual(['waiting', 'held', 'waiting'])
    await fire(wake)
    expect([waiting.state, late.state]).toEqual(['waiting', 'held'])
    rival.release()
    await clock.settle()
    expect(waiting.state).toBe('held')
    expect(given.mistakes).toEqual([])
    for (const probe of [waiting, late]) probe.release()
    await clock.settle()
    expect([...port.live()]).toEqual([])
    expect(await port.query()).toEqual({ held: [], pending: [] })
  })

  test('keeps what it holds while it is frozen', async () => {
    const { ask, askElsewhere, fire } = setUp()
    const holder = await ask({})
    const rival = await askElsewhere({})
    await fire('freeze')
    await fire('resume')
    expect([holder.state, rival.state]).toEqual(['held', 'waiting'])
    holder.release()
  })

  test('loses what it holds when it goes into the back/forward cache', async () => {
    const { ask, askElsewhere, fire } = setUp()
    const asked: Probe[] = []
    const first = await ask({
      // Who is told of a loss may ask for more, and give up what he waits for.
      hears: (what) => {
        if (what !== 'lost') return
        asked[0]?.cancel()
        void ask({ name: 'c' }).then((probe) => asked.push(probe))
      },
    })
    const second = await ask({ name: 'b', mode: 'shared' })
    const rival = await askElsewhere({})
    asked.push(await ask({ name: 'b' }))
    await fire('pagehide', true)
    await fire('freeze')
    expect([first.state, first.reason, second.state]).toEqual(['lost', 'gone', 'lost'])
    expect(rival.state).toBe('held')
    await fire('resume')
    await fire('pageshow', true)
    expect(asked.map(({ state }) => state)).toEqual(['over', 'held'])
    // It learns later, and its release means nothing any more.
    first.release()
    expect(rival.state).toBe('held')
  })

  test('keeps what it holds, and what it stole, when it is gone for good', async () => {
    const { ask, askElsewhere, fire } = setUp()
    const robbed = await askElsewhere({})
    const thief = await ask({ steal: true })
    await fire('pagehide')
    expect([robbed.state, thief.state]).toEqual(['lost', 'held'])
    thief.release()
  })
})
