/** What the port does beyond what every port promises: agents that die, sleep, or hear nothing. */

import { forceCloseDatabase } from 'fake-indexeddb'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { CapacityError, UnsupportedError } from '../../errors'
import { Probe, type ProbeOptions } from '../../testing/probe'
import { type TestAgent, TestOrigin } from '../../testing/test-origin'
import { IndexedDbPort } from './indexed-db'
import { byName, byOwner, byQueue, fences, openTable, schemaVersion } from './open-table'

// Dozens of steps of a fake database each, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 60_000 })

let origin: TestOrigin
let one: TestAgent
let other: TestAgent
let third: TestAgent

beforeEach(() => {
  origin = new TestOrigin()
  ;[one, other, third] = [origin.open(), origin.open(), origin.open()]
})

/** Asks, and waits until nothing moves. `x1` is exclusive, `s1` shared. */
async function ask(agent: TestAgent, id: string, options: ProbeOptions = {}): Promise<Probe> {
  const mode = id.startsWith('s') ? 'shared' : 'exclusive'
  const probe = new Probe(agent.port, id, { mode, ...options })
  probe.ask()
  await origin.clock.settle()
  return probe
}

const states = (...probes: readonly Probe[]) => probes.map(({ state }) => state).join(' ')
const settle = () => origin.clock.settle()

/** In the order of their keys, as `agent's id of the request`. */
async function table(): Promise<readonly string[]> {
  return (await third.port.rows()).map(({ task = '' }) => task)
}

/** Nobody holds or waits, and nobody has anything left to do. */
async function expectNothingLeft(): Promise<void> {
  await settle()
  expect(await third.port.query()).toEqual({ held: [], pending: [] })
  // Nobody is waited for by then who does not answer.
  origin.clock.advance(1000)
  await settle()
  const living = [one, other, third].filter(({ alive }) => alive)
  const live = living.flatMap(({ port }) => [...port.live()] as Probe[])
  expect(live.map(({ id }) => id)).toEqual([])
  expect(origin.clock.timers).toBe(0)
}

describe('two agents', () => {
  test('take turns in the order of asking', async () => {
    const x1 = await ask(one, 'x1')
    const s2 = await ask(other, 's2')
    const s3 = await ask(one, 's3')
    const x4 = await ask(other, 'x4')
    expect(states(x1, s2, s3, x4)).toBe('held waiting waiting waiting')
    x1.end()
    await settle()
    expect(states(s2, s3, x4)).toBe('held held waiting')
    s2.end()
    await settle()
    expect(states(s3, x4)).toBe('held waiting')
    s3.end()
    await settle()
    expect(states(x4)).toBe('held')
    x4.end()
    await expectNothingLeft()
  })

  test('more readers than a look shows are let in together', async () => {
    const x1 = await ask(one, 'x1')
    const readers: Probe[] = []
    for (let i = 0; i < 40; i++) readers.push(await ask(i % 2 === 0 ? one : other, `s${i}`))
    const last = await ask(other, 'x2')
    x1.end()
    await settle()
    expect(new Set(readers.map(({ state }) => state))).toEqual(new Set(['held']))
    expect(last.state).toBe('waiting')
    for (const reader of readers) reader.end()
    await settle()
    expect(last.state).toBe('held')
    last.end()
    await expectNothingLeft()
  })

  test('the thief takes it from others, who are told; those who wait get keys behind his', async () => {
    const s1 = await ask(one, 's1')
    const s2 = await ask(other, 's2')
    const x3 = await ask(one, 'x3')
    const s4 = await ask(other, 's4')
    const thief = await ask(third, 'x5', { steal: true })
    expect(states(s1, s2, x3, s4, thief)).toBe('lost lost waiting waiting held')
    expect([s1.reason, s2.reason]).toEqual(['stolen', 'stolen'])
    const rows = await third.port.rows()
    expect(rows.map(({ task }) => task)).toEqual(['x5', 'x3', 's4'])
    const { held, pending } = await one.port.query()
    const since = origin.clock.coarse()
    expect(held).toMatchObject([{ task: 'x5', since }])
    expect(pending).toMatchObject([
      { task: 'x3', since },
      { task: 's4', since },
    ])
    // They can still leave from the middle of the queue.
    x3.end()
    thief.end()
    await settle()
    expect(states(s4)).toBe('held')
    s4.end()
    await expectNothingLeft()
  })
})

describe('an agent that dies', () => {
  test('while it holds: the next is granted, and told', async () => {
    const x1 = await ask(one, 'x1')
    const x2 = await ask(other, 'x2')
    const x3 = await ask(third, 'x3')
    one.die()
    await settle()
    expect(states(x1, x2, x3)).toBe('held held waiting')
    expect([x2.abandoned, x3.abandoned]).toEqual([true, undefined])
    x2.end()
    await settle()
    expect(x3.abandoned).toBe(undefined)
    x3.end()
    await expectNothingLeft()
  })

  test('all readers that are let in behind a dead writer are told', async () => {
    await ask(one, 'x1')
    const readers = [await ask(other, 's2'), await ask(third, 's3')]
    one.die()
    await settle()
    expect(readers.map(({ state, abandoned }) => [state, abandoned])).toEqual([
      ['held', true],
      ['held', true],
    ])
    for (const reader of readers) reader.end()
    await expectNothingLeft()
  })

  test('while it reads: nobody needs to know', async () => {
    await ask(one, 's1')
    const x2 = await ask(other, 'x2')
    one.die()
    await settle()
    expect([x2.state, x2.abandoned]).toEqual(['held', undefined])
    x2.end()
    await expectNothingLeft()
  })

  test('while it waits: those behind it go on', async () => {
    const s1 = await ask(other, 's1')
    await ask(one, 'x2')
    const s3 = await ask(third, 's3')
    expect(s3.state).toBe('waiting')
    one.die()
    await settle()
    expect([s3.state, s3.abandoned]).toEqual(['held', undefined])
    for (const probe of [s1, s3]) probe.end()
    await expectNothingLeft()
  })

  test('with all its requests at once, of many names', async () => {
    for (const name of ['a', 'b', 'c']) await ask(one, 'x1', { name })
    const behind = [await ask(other, 'x2', { name: 'a' }), await ask(third, 'x3', { name: 'b' })]
    one.die()
    await settle()
    expect(states(...behind)).toBe('held held')
    expect(await table()).toEqual(['x2', 'x3'])
    for (const probe of behind) probe.end()
    const later = await ask(third, 'x4', { name: 'c' })
    expect([later.state, later.abandoned]).toEqual(['held', true])
    later.end()
    await expectNothingLeft()
  })

  test('before anybody waits: the next to come finds out, and is told', async () => {
    await ask(one, 'x1')
    one.die()
    await settle()
    const x2 = await ask(other, 'x2')
    expect([x2.state, x2.abandoned]).toEqual(['held', true])
    x2.end()
    await expectNothingLeft()
  })

  test('before anybody waits: a look at the table leaves a note for the next', async () => {
    await ask(one, 'x1')
    one.die()
    expect(await other.port.query()).toEqual({ held: [], pending: [] })
    const x2 = await ask(third, 'x2')
    expect([x2.state, x2.abandoned]).toEqual(['held', true])
    x2.end()
    const x3 = await ask(third, 'x3')
    expect([x3.state, x3.abandoned]).toEqual(['held', undefined])
    x3.end()
    await expectNothingLeft()
  })

  test.each([
    ['a reader', {}, 's2'],
    ['a try', { ifAvailable: true }, 'x2'],
    ['a thief', { steal: true }, 'x2'],
  ])('%s is told by the note, and it is gone', async (_who, options, id) => {
    await ask(one, 'x1')
    one.die()
    await other.port.query()
    const next = await ask(third, id, options)
    expect([next.state, next.abandoned]).toEqual(['held', true])
    next.end()
    const x3 = await ask(other, 'x3')
    expect([x3.state, x3.abandoned]).toEqual(['held', undefined])
    x3.end()
    await expectNothingLeft()
  })

  test('a try finds out that it is dead', async () => {
    await ask(one, 'x1')
    one.die()
    const trial = await ask(other, 'try', { ifAvailable: true })
    expect([trial.state, trial.abandoned]).toEqual(['held', true])
    trial.end()
    await expectNothingLeft()
  })

  test('a try at the lock of a living agent is refused by its answer, without waiting', async () => {
    const x1 = await ask(one, 'x1')
    const before = origin.clock.now()
    const trial = await ask(other, 'try', { ifAvailable: true })
    expect([trial.state, origin.clock.now() - before]).toEqual(['refused', 0])
    x1.end()
    await expectNothingLeft()
  })

  test('a try at the lock of one that does not answer is refused soon', async () => {
    const x1 = await ask(one, 'x1')
    one.deaf = true
    const trial = await ask(other, 'try', { ifAvailable: true })
    expect(trial.state).toBe('waiting')
    origin.clock.advance(100)
    await settle()
    expect(trial.state).toBe('refused')
    // It has been met by now.
    expect((await ask(other, 'again', { ifAvailable: true })).state).toBe('refused')
    x1.end()
    await expectNothingLeft()
  })

  test('of earlier runs: what they left is swept by the next to come', async () => {
    await ask(one, 's1')
    one.die()
    await other.port.ready
    await settle()
    origin.clock.advance(1000)
    await settle()
    expect(await table()).toEqual([])
    await expectNothingLeft()
  })
})

describe('messages that are lost', () => {
  test('a grant is found at the next look', async () => {
    const x1 = await ask(one, 'x1')
    const x2 = await ask(other, 'x2')
    other.deaf = true
    x1.end()
    await settle()
    expect(x2.state).toBe('waiting')
    origin.clock.advance(1000)
    await settle()
    expect(x2.state).toBe('held')
    x2.end()
    await expectNothingLeft()
  })

  test('a theft is found at the next look', async () => {
    const x1 = await ask(one, 'x1')
    one.deaf = true
    const thief = await ask(other, 'x2', { steal: true })
    expect(states(x1, thief)).toBe('held held')
    origin.clock.advance(1000)
    await settle()
    expect([x1.state, x1.reason]).toEqual(['lost', 'stolen'])
    thief.end()
    await expectNothingLeft()
  })

  test('who stands in the way by now is found, and watched', async () => {
    const x1 = await ask(one, 'x1')
    await ask(third, 'x2')
    const x3 = await ask(other, 'x3')
    other.deaf = true
    x1.end()
    await settle()
    third.die()
    await settle()
    expect(x3.state).toBe('waiting')
    origin.clock.advance(1000)
    await settle()
    expect(x3.state).toBe('held')
    x3.end()
  })

  test('a key that a steal has changed is not needed to withdraw', async () => {
    const x1 = await ask(one, 'x1')
    const x2 = await ask(other, 'x2')
    other.deaf = true
    const thief = await ask(third, 'x3', { steal: true })
    x2.end()
    thief.end()
    await expectNothingLeft()
    expect(x1.state).toBe('lost')
  })
})

describe('a life that is cut short', () => {
  const cuts: Readonly<Record<string, () => void>> = {
    'its presence is taken away': () => one.losePresence(),
    'the user clears the data': () => {
      for (const connection of one.connections) {
        // The package's types mean the class, its code an instance.
        forceCloseDatabase(connection as object as typeof IDBDatabase)
      }
    },
    'the page goes into the back/forward cache': () => {
      one.page.dispatchEvent(new Event('pagehide'))
      one.page.dispatchEvent(new Event('pageshow'))
    },
    'the page is frozen': () => {
      one.page.dispatchEvent(new Event('freeze'))
      one.page.dispatchEvent(new Event('resume'))
    },
  }
  test.each(Object.entries(cuts))(
    '%s: holds are lost, waits go on in another',
    async (_how, cut) => {
      const x1 = await ask(one, 'x1')
      const s2 = await ask(one, 's2', { name: 'b' })
      const x3 = await ask(other, 'x3', { name: 'c' })
      const waits = await ask(one, 'x4', { name: 'c' })
      cut()
      await settle()
      expect([x1.state, x1.reason, s2.state, s2.reason]).toEqual(['lost', 'gone', 'lost', 'gone'])
      expect(states(x3, waits)).toBe('held waiting')
      x3.end()
      await settle()
      expect(waits.state).toBe('held')
      expect(new Set(one.ids).size).toBe(2)
      // Released after all: it means nothing any more.
      x1.end()
      const next = await ask(other, 'x5')
      expect(next.state).toBe('held')
      for (const probe of [waits, next]) probe.end()
      origin.clock.advance(1000)
      await expectNothingLeft()
    },
  )

  test.each(['pagehide', 'freeze'])('between %s and its end nobody waits for it', async (type) => {
    const x1 = await ask(one, 'x1')
    const x2 = await ask(one, 'x2')
    const x3 = await ask(other, 'x3')
    one.page.dispatchEvent(new Event(type))
    await settle()
    expect(states(x1, x2, x3)).toBe('lost waiting held')
    // Asked for on the way out.
    const x4 = await ask(one, 'x4')
    x3.end()
    await settle()
    expect(states(x2, x4)).toBe('waiting waiting')
    expect((await ask(other, 'try', { ifAvailable: true })).state).toBe('held')
    one.page.dispatchEvent(new Event(type === 'freeze' ? 'resume' : 'pageshow'))
    await settle()
    expect(await table()).toEqual(['try', 'x2', 'x4'])
    other.die()
    await settle()
    expect(states(x2, x4)).toBe('held waiting')
    x2.end()
    await settle()
    x4.end()
    await expectNothingLeft()
  })

  test('a page that runs on goes on, whatever it was told', async () => {
    const x1 = await ask(other, 'x1')
    const x2 = await ask(one, 'x2')
    one.page.dispatchEvent(new Event('pagehide'))
    x1.end()
    await settle()
    expect(x2.state).toBe('waiting')
    origin.clock.advance(1000)
    await settle()
    expect(x2.state).toBe('held')
    x2.end()
    await expectNothingLeft()
  })

  test('a listener may ask again when it hears of the loss', async () => {
    let again: Probe | undefined
    const hears = (what: string, probe: Probe) => {
      if (what !== 'lost') return
      again = new Probe(probe.port, 'again', {})
      again.ask()
    }
    await ask(one, 'x1', { hears })
    one.losePresence()
    await settle()
    expect(again?.state).toBe('held')
    again?.end()
    await expectNothingLeft()
  })
})

describe('storage that fails', () => {
  test('a full one refuses a request, and says why', async () => {
    await one.port.ready
    origin.failure = new DOMException('no room', 'QuotaExceededError')
    const x1 = await ask(one, 'x1')
    expect(x1.state).toBe('failed')
    expect(x1.error).toBeInstanceOf(CapacityError)
    expect(String(x1.error)).toContain('no room')
    const x2 = await ask(one, 'x2')
    expect(x2.state).toBe('held')
    x2.end()
    await expectNothingLeft()
  })

  // As Chromium words it when the user clears the data while a request is under way.
  test.each(['AbortError', 'InvalidStateError', 'UnknownError'])(
    'a request that is cut short with its connection is made again: %s',
    async (name) => {
      await one.port.ready
      origin.failure = new DOMException('Connection is closing because of: Force close', name)
      const x1 = await ask(one, 'x1')
      expect([x1.state, x1.error]).toEqual(['held', undefined])
      expect(new Set(one.ids).size).toBe(2)
      x1.end()
      await expectNothingLeft()
    },
  )

  test('one that is broken refuses a request in the end', async () => {
    await one.port.ready
    const failure = new DOMException('broken', 'UnknownError')
    Object.defineProperty(origin, 'failure', { get: () => failure, set: () => {} })
    const x1 = await ask(one, 'x1')
    expect([x1.state, x1.error]).toEqual(['failed', failure])
  })

  test('a release that cannot be written is made good by a new life', async () => {
    const x1 = await ask(one, 'x1')
    const s2 = await ask(one, 's2', { name: 'b' })
    const x3 = await ask(other, 'x3')
    origin.failure = new DOMException('broken', 'UnknownError')
    x1.end()
    await settle()
    expect([x3.state, s2.state, s2.reason]).toEqual(['held', 'lost', 'gone'])
    x3.end()
    await expectNothingLeft()
  })

  const blocked: Readonly<Record<string, () => IDBFactory | null | undefined>> = {
    'there is none': () => undefined,
    'the browser gives none': () => null,
    'to ask for it throws': () => {
      throw new DOMException('blocked', 'SecurityError')
    },
    'to open it throws': () => {
      const open = () => {
        throw new DOMException('blocked', 'SecurityError')
      }
      return { open } as object as IDBFactory
    },
  }
  test.each(Object.entries(blocked))('%s: unsupported', async (_why, indexedDB) => {
    const port = new IndexedDbPort({ indexedDB, clock: origin.clock, lifecycle: [] })
    const probe = new Probe(port, 'x1', {})
    probe.ask()
    await expect(port.ready).rejects.toThrow(UnsupportedError)
    expect(probe.state).toBe('failed')
    expect(probe.error).toBeInstanceOf(UnsupportedError)
    expect([...port.live()]).toEqual([])
    expect(origin.clock.timers).toBe(0)
  })
})

describe('other versions', () => {
  test('a newer schema is refused, and says what to do', async () => {
    const newer = origin.factory.open('latchkey', schemaVersion + 1)
    await new Promise((done) => {
      newer.onsuccess = done
    })
    newer.result.close()
    const x1 = await ask(one, 'x1')
    expect(x1.error).toBeInstanceOf(UnsupportedError)
    expect(String(x1.error)).toContain('a newer Latchkey')
    expect(origin.clock.timers).toBe(0)
  })

  test('an idle agent makes way for a newer one at once, a busy one when it is idle', async () => {
    const x1 = await ask(one, 'x1')
    const x2 = await ask(other, 'x2')
    const newer = openTable(origin.factory, schemaVersion + 1)
    await expect(newer).rejects.toThrow('an older Latchkey')
    expect(states(x1, x2)).toBe('held waiting')
    x1.end()
    await settle()
    // It had time to release.
    expect([x2.state, x2.abandoned]).toEqual(['held', undefined])
    x2.end()
    await settle()
    // Refused is refused: it takes over when it asks again.
    const x3 = await ask(one, 'x3')
    expect(x3.state).toBe('held')
    x3.end()
    await settle()
    const again = origin.factory.open('latchkey', schemaVersion + 1)
    await new Promise((opened) => {
      again.onsuccess = opened
    })
    again.result.close()
    expect((await ask(one, 'x4')).error).toBeInstanceOf(UnsupportedError)
  })

  test('a table of the first version, which had no fences, gets them, and keeps its rows', async () => {
    await new Promise((made) => {
      const request = origin.factory.open('latchkey', 1)
      request.onupgradeneeded = () => {
        const { result } = request
        const rows = result.createObjectStore('requests', { keyPath: 'key', autoIncrement: true })
        rows.createIndex(byName, 'name')
        rows.createIndex(byQueue, ['name', 'mode'])
        rows.createIndex(byOwner, ['agent', 'no'])
        rows.add({ name: 'a', mode: 'exclusive', agent: 'of old', no: 1, since: 0 })
        result.createObjectStore('agents')
      }
      request.onsuccess = () => {
        request.result.close()
        made(undefined)
      }
    })
    const table = await openTable(origin.factory)
    expect(table.objectStoreNames.contains(fences)).toBe(true)
    const all = table.transaction('requests').objectStore('requests').getAll()
    await new Promise((read) => {
      all.onsuccess = read
    })
    expect(all.result).toMatchObject([{ agent: 'of old', key: 1 }])
    table.close()
  })

  test('who deletes the database gets it when all are idle, and all go on with a new one', async () => {
    const x1 = await ask(one, 'x1')
    await (await ask(other, 'x2', { name: 'b' })).end()
    const deleting = origin.factory.deleteDatabase('latchkey')
    const deleted = new Promise((done) => {
      deleting.onsuccess = done
    })
    x1.end()
    await deleted
    const x3 = await ask(one, 'x3')
    const x4 = await ask(other, 'x4')
    expect(states(x3, x4)).toBe('held waiting')
    x3.end()
    await settle()
    x4.end()
    await expectNothingLeft()
  })
})
