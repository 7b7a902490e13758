/**
 * What the port promises beyond every port (`../conformance.test.ts`): agents of one memory, their
 * coming and going, blocking, and a memory that is full. On a virtual clock, all in one thread.
 */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CapacityError, UnsupportedError } from '../../errors'
import { LocalMemory } from '../../testing/local-memory'
import { Probe, type ProbeOptions } from '../../testing/probe'
import { VirtualClock } from '../../testing/virtual-clock'
import type { Bus } from '../bus'
import { everyCell, header, kind, kindOf, readLayout } from './layout'
import type { SharedMemoryPort } from './shared-memory'
import { usageOf } from './usage'

let clock: VirtualClock
let memory: LocalMemory
let page: SharedMemoryPort
let worker: SharedMemoryPort
let probes: Probe[]

beforeEach(() => {
  clock = new VirtualClock()
  memory = new LocalMemory(clock)
  page = memory.attach()
  worker = memory.attach()
  probes = []
})

afterEach(async () => {
  for (const probe of probes.toReversed()) probe.end()
  await clock.settle()
  expect(probes.flatMap(({ mistakes }) => mistakes)).toEqual([])
  expect(clock.timers).toBe(0)
  const { free, cells, names, latch } = usageOf(memory.words)
  expect({ used: cells - free, names, latch }).toEqual({ used: 0, names: [], latch: 0 })
})

function probe(port: SharedMemoryPort, options: ProbeOptions = {}): Probe {
  const made = new Probe(port, String(probes.length), options)
  probes.push(made)
  return made
}

function ask(port: SharedMemoryPort, options: ProbeOptions = {}): Probe {
  const asked = probe(port, options)
  asked.ask()
  return asked
}

function states(...some: Probe[]): string {
  return some.map(({ state }) => state).join(' ')
}

describe('agents of one memory', () => {
  test('exclude each other and are served in the order of asking', async () => {
    const third = memory.attach()
    const asked = [page, worker, third, page, third, worker].map((port) => ask(port))
    const order: string[] = []
    for (let round = 0; round < asked.length; round++) {
      const held = asked.filter(({ state }) => state === 'held')
      expect(held).toHaveLength(1)
      for (const each of held) {
        order.push(each.id)
        each.release()
      }
      await clock.settle()
    }
    expect(order).toEqual(['0', '1', '2', '3', '4', '5'])
  })

  test('see each other in snapshots, by the ids of their presence', async () => {
    ask(page)
    ask(worker)
    ask(worker, { name: 'b', mode: 'shared' })
    const { held, pending } = await page.query()
    const [own, other] = held
    expect(own).toMatchObject({ name: 'a', mode: 'exclusive' })
    expect(other).toMatchObject({ name: 'b', mode: 'shared' })
    expect(own?.clientId).not.toBe(other?.clientId)
    expect(pending).toEqual([{ name: 'a', mode: 'exclusive', clientId: other?.clientId }])
    expect(worker.snapshot()).toEqual({ held, pending })
  })

  test('lose what another one steals, and hear of it', async () => {
    const readers = [ask(page, { mode: 'shared' }), ask(worker, { mode: 'shared' })]
    const thief = ask(worker, { steal: true })
    await clock.settle()
    expect(states(...readers, thief)).toBe('lost lost held')
    expect(readers.map(({ reason }) => reason)).toEqual(['stolen', 'stolen'])
  })

  test('can look whether they still hold, without being told', () => {
    const robbed = ask(page)
    expect(page.stillHolds(robbed)).toBe(true)
    ask(worker, { steal: true })
    expect(page.stillHolds(robbed)).toBe(false)
    expect(robbed.state).toBe('lost')
  })

  test('are told of a grant that a thief took back before', async () => {
    const heard: string[] = []
    const first = ask(page)
    ask(worker, { hears: (what) => heard.push(what) })
    first.release()
    ask(page, { steal: true })
    await clock.settle()
    expect(heard).toEqual(['granted', 'lost'])
  })

  test('understand every name alike', async () => {
    const names = ['', '\ud800', 'a\udfff\ud800b', '\0', 'é', 'x'.repeat(12), 'x'.repeat(13)]
    for (let length = 30; length < 80; length++) names.push('long'.repeat(20).slice(0, length))
    for (const name of names) {
      const [first, second] = [ask(page, { name }), ask(worker, { name })]
      expect(states(first, second)).toBe('held waiting')
    }
    const { held } = await worker.query()
    expect(new Set(held.map(({ name }) => name))).toEqual(new Set(names))
  })

  test('queue in order though tickets run over', async () => {
    memory.words.store(header.ticket, 2 ** 31 - 3)
    const asked = [0, 1, 2, 3, 4, 5].map((i) => ask(i % 2 === 0 ? page : worker))
    // A death makes the queues be built anew, from tickets alone.
    const passer = memory.attach()
    memory.deaths.kill(idOf(passer))
    for (const [i, each] of asked.entries()) {
      expect(each.state).toBe('held')
      expect(states(...asked.slice(i + 1))).not.toContain('held')
      each.release()
      await clock.settle()
    }
  })
})

function idOf(port: SharedMemoryPort): string {
  return port.seat?.presence.id ?? ''
}

describe('memory', () => {
  test('100,000 different keys leave nothing', () => {
    for (let i = 0; i < 100_000; i++) {
      const each = new Probe(i % 2 === 0 ? page : worker, 'key', { name: `key ${i}` })
      if (each.ask() !== 'granted') throw new Error(`key ${i} was not granted`)
      each.release()
    }
    const { free, cells } = usageOf(memory.words)
    expect(free).toBe(cells)
  })

  test('that is full refuses, says what to do, and harms nobody', async () => {
    const { cells } = usageOf(memory.words)
    const held: Probe[] = []
    for (let i = 0; i < cells / 2; i++) held.push(ask(page, { name: String(i) }))
    expect(held.every(({ state }) => state === 'held')).toBe(true)
    const tooMany = ask(worker)
    const waits = ask(worker, { name: '0' })
    await clock.settle()
    expect(states(tooMany, waits)).toBe('failed failed')
    expect(tooMany.error).toBeInstanceOf(CapacityError)
    expect(String(tooMany.error)).toContain('createLockMemory({ bytes: 65536 })')
    expect(() => worker.acquireBlocking(probe(worker), 10)).toThrow(CapacityError)

    held[0]?.release()
    const fits = ask(worker)
    const other = ask(page)
    await clock.settle()
    expect(states(fits, other)).toBe('held failed')
    expect(held.slice(1).every(({ state }) => state === 'held')).toBe(true)
  })

  test('a long name that does not fit leaves no half of it', async () => {
    const long = ask(page, { name: 'x'.repeat(100_000) })
    await clock.settle()
    expect(long.state).toBe('failed')
    const { free, cells } = usageOf(memory.words)
    expect(free).toBe(cells)
  })

  test('has room for so many agents, and says so', async () => {
    const more = Array.from({ length: 14 }, () => memory.attach())
    const tooMany = memory.attach()
    const fails = ask(tooMany)
    await clock.settle()
    expect(fails.error).toBeInstanceOf(CapacityError)
    await expect(tooMany.ready).rejects.toThrow('room for 16 agents')
    await expect(tooMany.query()).rejects.toThrow(CapacityError)
    // One leaves, another one comes.
    more[0]?.close()
    expect(states(ask(memory.attach()))).toBe('held')
  })
})

describe('coming and going', () => {
  test('what is asked before the presence is established waits for it', async () => {
    const late = memory.attach({ presence: () => memory.deaths.presence(false) })
    const asked = ask(late)
    expect(() => late.acquireBlocking(probe(late), 10)).toThrow('locks.ready()')
    expect(asked.state).toBe('waiting')
    await late.ready
    expect(asked.state).toBe('held')
  })

  test('what is withdrawn before that never asks', async () => {
    const late = memory.attach({ presence: () => memory.deaths.presence(false) })
    ask(late).cancel()
    await late.ready
    expect(states(ask(worker))).toBe('held')
  })

  test('where no presence can be established, everything fails alike', async () => {
    const why = new UnsupportedError('no presence here')
    const presence = { ...memory.deaths.presence(false), ready: Promise.reject(why) }
    const never = memory.attach({ presence: () => presence })
    const early = ask(never)
    const question = never.query()
    await expect(question).rejects.toBe(why)
    await expect(never.ready).rejects.toBe(why)
    const late = ask(never)
    await clock.settle()
    expect([early.error, late.error]).toEqual([why, why])
    expect(() => never.acquireBlocking(probe(never), 10)).toThrow(why)
  })

  test('an agent that closes leaves nothing, and what it had fails', async () => {
    const { agents } = usageOf(memory.words)
    const held = ask(worker)
    const next = ask(page)
    const waits = ask(worker)
    worker.close()
    await clock.settle()
    expect(states(held, waits, next)).toBe('lost failed held')
    expect(held.reason).toBe('gone')
    expect(next.abandoned).toBeUndefined()
    expect(usageOf(memory.words).agents).toBe(agents - 1)
    const late = ask(worker)
    await clock.settle()
    expect(late.error).toBeInstanceOf(UnsupportedError)
  })

  test('a page that is hidden for good leaves; one that returns attaches anew', async () => {
    const window = new EventTarget()
    const tab = memory.attach({ lifecycle: [window] })
    const held = ask(tab)
    const behind = ask(worker)
    const waits = ask(tab)
    window.dispatchEvent(new Event('pagehide'))
    await clock.settle()
    expect(states(held, behind, waits)).toBe('lost held waiting')
    expect(usageOf(memory.words).agents).toBe(2)
    window.dispatchEvent(new Event('pageshow'))
    await tab.ready
    behind.release()
    await clock.settle()
    expect(states(waits)).toBe('held')
  })

  test('who loses its presence loses what it holds, and attaches anew', async () => {
    let lose: (() => void) | undefined
    const presence = () => {
      const lost = new Promise<void>((resolve) => {
        lose ??= resolve
      })
      return { ...memory.deaths.presence(), lost }
    }
    const suspended = memory.attach({ presence })
    const held = ask(suspended)
    const behind = ask(worker)
    lose?.()
    await clock.settle()
    expect(states(held)).toBe('lost')
    expect(held.reason).toBe('gone')
    // Its former self is as good as dead, and it can prove that itself.
    expect([behind.state, behind.abandoned]).toEqual(['held', true])
    expect(usageOf(memory.words).agents).toBe(3)
  })
})

describe('watching', () => {
  test('the first one watches all; when it dies, another one does', async () => {
    const third = memory.attach()
    const fourth = memory.attach()
    ask(fourth)
    const waits = ask(third)
    memory.deaths.kill(idOf(page))
    await clock.settle()
    memory.deaths.kill(idOf(fourth))
    await clock.settle()
    expect([waits.state, waits.abandoned]).toEqual(['held', true])
    expect(usageOf(memory.words).agents).toBe(2)
    probes = [waits]
  })

  test('whoever waits for long watches those before him, should the watcher be busy', async () => {
    const busy = new LocalMemory(clock)
    memory = busy
    const deaf = () => ({ ...busy.deaths.presence(), watch: () => () => {} })
    busy.attach({ presence: deaf })
    const holder = busy.attach()
    const waiter = busy.attach()
    ask(holder)
    const waits = ask(waiter)
    busy.deaths.kill(idOf(holder))
    await clock.settle()
    expect(waits.state).toBe('waiting')
    clock.advance(100)
    await clock.settle()
    expect([waits.state, waits.abandoned]).toEqual(['held', true])
    probes = [waits]
  })

  test('whoever is to bury one who died owning the latch watches for that', async () => {
    // It is not told of the first death, and dies as the owner of the latch.
    const deaf = () => ({ ...memory.deaths.presence(), watch: () => () => {} })
    const second = memory.attach({ presence: deaf })
    const held = ask(second)
    second.seat?.enter(0)
    memory.deaths.kill(idOf(page))
    const waits = ask(worker)
    await clock.settle()
    expect(waits.state).toBe('waiting')
    memory.deaths.kill(idOf(second))
    await clock.settle()
    expect([waits.state, waits.abandoned]).toEqual(['held', true])
    expect(usageOf(memory.words).agents).toBe(1)
    probes = probes.filter((each) => each !== held)
  })

  test('whoever is to bury one tries again if the latch was left while it looked', async () => {
    worker.close()
    const second = memory.attach()
    const third = memory.attach({ spins: 0 })
    second.seat?.enter(0)
    const waits = ask(third)
    await clock.settle()
    // It fails to enter; then the latch is left, and nobody is woken.
    const load = memory.words.load.bind(memory.words)
    let looks = 0
    const looking = vi.spyOn(memory.words, 'load').mockImplementation((index) => {
      if (index === header.latch && ++looks === 2) memory.words.exchange(header.latch, 0)
      return load(index)
    })
    third.seat?.watching.died(page.seat?.own ?? 0)
    looking.mockRestore()
    await clock.settle()
    expect(looks).toBeGreaterThanOrEqual(2)
    expect(waits.state).toBe('held')
  })

  test('who dies between leaving the latch and waking others leaves nobody asleep', async () => {
    const dead = memory.attach()
    dead.seat?.enter(0)
    const waits = ask(worker)
    memory.words.exchange(header.latch, 0)
    await clock.settle()
    expect(waits.state).toBe('waiting')
    memory.deaths.kill(idOf(dead))
    await clock.settle()
    expect(waits.state).toBe('held')
  })

  test('ends with the agent that is watched', async () => {
    const before = memory.deaths.watches
    const passer = memory.attach()
    expect(memory.deaths.watches).toBeGreaterThan(before)
    passer.close()
    await clock.settle()
    expect(memory.deaths.watches).toBe(before)
  })
})

describe('without waitAsync', () => {
  test('a grant is seen when the agent looks again', async () => {
    const old = memory.attach({ waitAsync: null })
    const first = ask(page)
    const waits = ask(old)
    first.release()
    await clock.settle()
    expect(waits.state).toBe('waiting')
    clock.advance(4)
    expect(waits.state).toBe('held')
  })

  test('a holder sees that it was robbed, and no timer is left', () => {
    const old = memory.attach({ waitAsync: null })
    const robbed = ask(old)
    ask(page, { steal: true })
    clock.advance(4)
    expect(robbed.state).toBe('lost')
    expect(clock.timers).toBe(0)
  })

  test('whoever has a bus knocks, so that hidden pages hear in time', async () => {
    const bus = testBus()
    const old = memory.attach({ waitAsync: null, bus })
    const other = memory.attach({ bus })
    const first = ask(other)
    const waits = ask(old)
    first.release()
    expect(waits.state).toBe('held')
  })
})

/** Everybody hears at once, but the sender. */
function testBus(): Bus {
  const listeners = new Set<(message: unknown) => void>()
  return {
    post(message) {
      for (const listener of listeners) listener(structuredClone(message))
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

describe('blocking', () => {
  /** Blocks for a lock while the others do something. @returns whether it was granted */
  function block(timeout: number, meanwhile?: () => void, options: ProbeOptions = {}): boolean {
    const blocked = probe(worker, options)
    memory.words.meanwhile = meanwhile
    const granted = worker.acquireBlocking(blocked, timeout)
    blocked.state = granted ? 'held' : 'over'
    return granted
  }

  test('a free lock is granted at once', () => {
    expect(block(0)).toBe(true)
  })

  test('a held one is waited for', () => {
    const first = ask(page)
    expect(block(1000, () => first.release())).toBe(true)
    expect(probes.at(-1)?.grantedAt).toBe(clock.coarse())
  })

  test('a wait that takes too long is withdrawn', async () => {
    const first = ask(page)
    const began = clock.now()
    expect(block(1000)).toBe(false)
    expect(clock.now() - began).toBe(1000)
    const next = ask(page)
    first.release()
    await clock.settle()
    expect(next.state).toBe('held')
  })

  test('one that only tries does not wait', () => {
    ask(page)
    expect(block(0)).toBe(false)
    expect(block(1000, undefined, { ifAvailable: true })).toBe(false)
  })

  test('keeps its place among those who wait otherwise', () => {
    const first = ask(page)
    const second = ask(page)
    let third: Probe | undefined
    const meanwhile = () => {
      third = ask(page)
      first.release()
      second.release()
    }
    expect(block(1000, meanwhile)).toBe(true)
    expect(third?.state).toBe('waiting')
  })

  test('readers are let in together', () => {
    const first = ask(page)
    let reader: Probe | undefined
    const meanwhile = () => {
      reader = ask(page, { mode: 'shared' })
      first.release()
    }
    expect(block(1000, meanwhile, { mode: 'shared' })).toBe(true)
    expect(reader?.state).toBe('held')
  })

  test('whoever stole the lock meanwhile is found out', () => {
    expect(block(10)).toBe(true)
    const robbed = probes.at(-1) as Probe
    ask(page, { steal: true })
    expect(worker.stillHolds(robbed)).toBe(false)
    expect(robbed.state).toBe('lost')
  })

  test.each([
    ['holds it', () => ask(worker)],
    [
      'waits for it',
      () => {
        ask(page)
        ask(worker)
      },
    ],
    [
      'reads, with a writer between',
      () => {
        ask(worker, { mode: 'shared' })
        ask(page)
      },
    ],
  ])('is refused at once where the agent itself %s', (_what, before) => {
    before()
    expect(() => block(1000, undefined, { mode: 'shared' })).toThrow(
      'would block what it waits for',
    )
    expect(() => block(1000)).toThrow(UnsupportedError)
    expect(block(0)).toBe(false)
  })

  test('is refused where threads must not block', () => {
    const window = memory.attach({ mayBlock: false })
    expect(() => window.acquireBlocking(probe(window), 0)).toThrow("'acquire' or 'run'")
  })

  test('without a timeout needs another one who watches', async () => {
    const forever = Number.POSITIVE_INFINITY
    const first = ask(page)
    expect(block(forever, () => first.release())).toBe(true)
    probes.at(-1)?.end()
    // The other watcher is gone, and nobody else is there who could hold anything.
    page.close()
    await clock.settle()
    expect(block(forever)).toBe(true)
    probes.at(-1)?.end()
    // Somebody is there, but he is known to block, too.
    const third = memory.attach()
    third.seat?.markBlocking()
    expect(() => block(forever)).toThrow("pass a 'timeout'")
  })

  test('hands the watch over to one who does not block', () => {
    expect(page.seat?.isWatcher).toBe(true)
    const first = ask(worker)
    memory.words.meanwhile = () => first.release()
    const blocked = probe(page)
    expect(page.acquireBlocking(blocked, Number.POSITIVE_INFINITY)).toBe(true)
    blocked.state = 'held'
    expect(page.seat?.isWatcher).toBe(false)
    expect(worker.seat?.isWatcher).toBe(true)
  })

  test('hands it over as well before it sleeps for the latch', () => {
    const dead = memory.attach()
    dead.seat?.enter(0)
    memory.words.meanwhile = () => {
      // Its event loop goes on.
      worker.seat?.hear()
      memory.deaths.kill(idOf(dead))
    }
    const blocked = probe(page)
    expect(page.acquireBlocking(blocked, 1000)).toBe(true)
    blocked.state = 'held'
  })

  test('a latch that stays taken does not block for longer than the timeout', async () => {
    const dead = memory.attach()
    const held = ask(dead)
    // It dies as the owner of the latch.
    dead.seat?.enter(0)
    const began = clock.now()
    expect(block(50)).toBe(false)
    expect(clock.now() - began).toBe(50)
    const waits = ask(worker)
    memory.deaths.kill(idOf(dead))
    await clock.settle()
    expect([waits.state, waits.abandoned]).toEqual(['held', true])
    probes = probes.filter((each) => each !== held)
  })

  test('a wait is withdrawn in time though the latch stays taken', async () => {
    const dead = memory.attach()
    const first = ask(page)
    expect(block(50, () => dead.seat?.enter(0))).toBe(false)
    // Nobody can go on, but what ended is over.
    first.release()
    memory.deaths.kill(idOf(dead))
    await clock.settle()
    expect(states(ask(page))).toBe('held')
  })
})

describe('a lock that is kept by who blocks for it again and again', () => {
  const block = (port: SharedMemoryPort, name = 'a') => {
    const blocked = probe(port, { name })
    expect(port.acquireBlocking(blocked, 0)).toBe(true)
    blocked.state = 'held'
    return blocked
  }
  const keep = (port: SharedMemoryPort, name = 'a') => {
    for (let i = 0; i < 2; i++) block(port, name).release()
  }
  const kinds = () => {
    const found: number[] = []
    for (const at of everyCell(readLayout(memory.words))) found.push(kindOf(memory.words.load(at)))
    return found.filter((each) => each === kind.kept || each === kind.held)
  }

  test('is taken again without the latch, and is nobody’s in between', async () => {
    keep(worker)
    expect(kinds()).toEqual([kind.kept])
    expect(await page.query()).toEqual({ held: [], pending: [] })
    memory.words.store(header.latch, page.seat?.own ?? 0)
    const again = block(worker)
    expect(kinds()).toEqual([kind.held])
    again.release()
    memory.words.store(header.latch, 0)
    expect(kinds()).toEqual([kind.kept])
  })

  test('is free for everybody else', () => {
    keep(worker)
    expect(states(ask(page, { ifAvailable: true }))).toBe('held')
  })

  test('is given back altogether when the event loop turns', async () => {
    keep(worker)
    await clock.settle()
    expect(kinds()).toEqual([])
  })

  test('is given back to those who wait', async () => {
    keep(worker)
    const holder = block(worker)
    const waiter = ask(page)
    holder.release()
    await clock.settle()
    expect(states(waiter)).toBe('held')
  })

  test('others of the agent that move up when it is given back hear of it', async () => {
    const rival = ask(page, { name: 'y' })
    const waiter = ask(worker, { name: 'y' })
    keep(worker)
    // Whoever saw to what was left died before he did.
    memory.words.store(header.latch, memory.attach().seat?.own ?? 0)
    rival.release()
    memory.words.store(header.latch, 0)
    await clock.settle()
    expect(states(waiter)).toBe('held')
  })

  test('who was buried alive takes no node again that is another one’s by now', async () => {
    keep(worker)
    const { own = 0 } = worker.seat ?? {}
    worker.agents.remove(own)
    ask(page, { ifAvailable: true }).release()
    // In the same record and the same cell, for another name.
    const next = memory.attach()
    keep(next, 'b')
    const zombie = block(worker)
    expect(kinds().sort()).toEqual([kind.held, kind.kept])
    zombie.release()
    await clock.settle()
    next.close()
  })
})
