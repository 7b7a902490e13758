import { beforeEach, describe, expect, test } from 'vitest'
import type { Locks } from './create-locks'
import { NotHeldError, ReentrancyError, UnsupportedError } from './errors'
import type { Hold, WriteHold } from './hold'
import { createLockManager } from './lock-manager'
import { Probe } from './testing/probe'
import { testLocks } from './testing/test-locks'
import { testPorts } from './testing/test-ports'
import type { VirtualClock } from './testing/virtual-clock'

describe.each(Object.keys(testPorts))('%s', (name) => {
  let locks: Locks
  let clock: VirtualClock
  let far: ReturnType<typeof testLocks>['far']

  beforeEach(() => {
    const made = testLocks(name)
    locks = made.locks
    clock = made.clock
    far = made.far
  })

  /** Asks, as a task of its own; the list tells who got in, in order. */
  function ask(order: string[], id: string, options = {}): Promise<Hold> {
    const lock = locks.task(id).rwLock('a')
    const asked = id.startsWith('r') ? lock.acquireRead(options) : lock.acquireWrite(options)
    asked.then(
      () => order.push(id),
      () => {},
    )
    return asked
  }

  /** One after the other: where the mechanism is a trip away, a writer makes two. */
  async function askAll(order: string[], ...ids: string[]): Promise<Promise<Hold>[]> {
    const asked: Promise<Hold>[] = []
    for (const id of ids) {
      asked.push(ask(order, id))
      await clock.settle()
    }
    return asked
  }

  async function nothingLeft(): Promise<void> {
    await clock.settle()
    expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
    expect(await far.query()).toEqual({ held: [], pending: [] })
  }

  test('a writer’s release admits all readers that wait by then, before the next writer', async () => {
    const order: string[] = []
    const holds = await askAll(order, 'w1', 'r2', 'w3', 'r4', 'w5', 'r6')
    expect(order).toEqual(['w1'])
    ;(await holds[0])?.release()
    await clock.settle()
    expect(order).toEqual(['w1', 'r2', 'r4', 'r6'])
    for (const at of [1, 3, 5, 2]) {
      ;(await holds[at])?.release()
      await clock.settle()
    }
    expect(order).toEqual(['w1', 'r2', 'r4', 'r6', 'w3', 'w5'])
    ;(await holds[4])?.release()
    await nothingLeft()
  })

  test.each(['abort', 'timeout'])('a waiting writer’s %s lets the readers through', async (how) => {
    const order: string[] = []
    const controller = new AbortController()
    const reader = await ask(order, 'r1')
    const given = how === 'abort' ? { signal: controller.signal } : { timeout: 5 }
    const writer = ask(order, 'w2', given)
    await clock.settle()
    const [behind, next] = await askAll(order, 'r3', 'w4')
    expect(order).toEqual(['r1'])
    controller.abort('enough')
    clock.advance(5)
    await clock.settle()
    expect(order).toEqual(['r1', 'r3'])
    reader.release()
    ;(await behind)?.release()
    ;(await next)?.release()
    await writer.catch(() => {})
    clock.advance(1000)
    await nothingLeft()
  })

  test('a writer that gives up at the gate takes out nobody else', async () => {
    const order: string[] = []
    const controller = new AbortController()
    const first = await ask(order, 'w1')
    const gone = ask(order, 'w2', { signal: controller.signal })
    const last = ask(order, 'w3')
    await clock.settle()
    controller.abort('enough')
    await expect(gone).rejects.toBe('enough')
    first.release()
    ;(await last).release()
    expect(order).toEqual(['w1', 'w3'])
    await nothingLeft()
  })

  test('tries are answered at once, and leave nothing', async () => {
    const lock = locks.rwLock('a')
    const reader = await lock.acquireRead()
    await expect(lock.tryAcquireWrite()).resolves.toBe(null)
    const second = await lock.tryAcquireRead()
    const writer = lock.acquireWrite()
    await clock.settle()
    await expect(lock.tryAcquireRead()).resolves.toBe(null)
    await expect(lock.tryAcquireWrite()).resolves.toBe(null)
    reader.release()
    second?.release()
    ;(await writer).release()
    await clock.settle()
    const third = await lock.tryAcquireWrite()
    expect(third?.mode).toBe('exclusive')
    third?.release()
    await nothingLeft()
  })

  describe('downgrade', () => {
    test('lets the readers in, and holds back the writers', async () => {
      const order: string[] = []
      const writer = (await ask(order, 'w1')) as WriteHold
      const asked = await askAll(order, 'r2', 'w3', 'r4')
      const down = writer.downgrade()
      await clock.settle()
      const reader = await down
      expect(reader).toMatchObject({ name: 'a', mode: 'shared', task: writer.task })
      expect(order).toEqual(['w1', 'r2', 'r4'])
      ;(await asked[0])?.release()
      ;(await asked[2])?.release()
      await clock.settle()
      expect(order).toEqual(['w1', 'r2', 'r4'])
      reader.release()
      ;(await asked[1])?.release()
      await nothingLeft()
    })

    test('ends the write hold: it can be released no more, but disposed of', async () => {
      const writer = await locks.rwLock('a').acquireWrite()
      const reader = await writer.downgrade()
      expect(() => writer.release()).toThrow(NotHeldError)
      writer[Symbol.dispose]()
      await expect(writer.downgrade()).rejects.toBeInstanceOf(NotHeldError)
      await expect(locks.rwLock('a').tryAcquireWrite()).resolves.toBe(null)
      reader.release()
      await nothingLeft()
    })

    test('inside of write()', async () => {
      const order: string[] = []
      await locks.rwLock('a').write(async (writer) => {
        const next = ask(order, 'w2')
        const reader = await writer.downgrade()
        expect(order).toEqual([])
        reader.release()
        ;(await next).release()
      })
      await nothingLeft()
    })

    test('needs the policy phase-fair, and changes nothing without it', async () => {
      const writer = await locks.rwLock('b', { policy: 'fifo' }).acquireWrite()
      const down = writer.downgrade()
      await expect(down).rejects.toBeInstanceOf(UnsupportedError)
      await expect(down).rejects.toThrow(/'phase-fair' on "b"/)
      writer.release()
      await nothingLeft()
    })
  })

  test('a theft of the lock lets the next writer at the gate on, behind the thief', async () => {
    const order: string[] = []
    const writer = await ask(order, 'w1')
    const next = ask(order, 'w2')
    await clock.settle()
    const thief = new Probe(locks.space.ports.strict, 'thief', { steal: true })
    thief.ask()
    await clock.settle()
    expect([thief.state, writer.signal.aborted, order]).toEqual(['held', true, ['w1']])
    thief.release()
    await clock.settle()
    expect(order).toEqual(['w1', 'w2'])
    ;(await next).release()
    await nothingLeft()
  })

  test('a theft of the gate makes its writer lose the lock, too', async () => {
    const writer = await locks.rwLock('a').acquireWrite()
    const manager = createLockManager({ port: locks.space.ports.strict })
    await manager.request('a!w', { steal: true }, () => {})
    expect(writer.signal.aborted).toBe(true)
    ;(await locks.rwLock('a').acquireWrite()).release()
    await nothingLeft()
  })
})

test.each(['phase-fair', 'fifo'] as const)(
  'a task that reads again is told, for a writer may come in between: %s',
  async (policy) => {
    const { locks } = testLocks()
    const lock = locks.task('t').rwLock('a', { policy })
    const reader = await lock.acquireRead()
    await expect(lock.acquireRead()).rejects.toBeInstanceOf(ReentrancyError)
    await expect(lock.acquireWrite()).rejects.toBeInstanceOf(ReentrancyError)
    reader.release()
  },
)

test('fifo serves strictly in order', async () => {
  const { locks, clock } = testLocks()
  const lock = locks.rwLock('a', { policy: 'fifo' })
  const order: string[] = []
  const asked = ['w1', 'r2', 'w3', 'r4'].map((id) => {
    const hold: Promise<Hold> = id.startsWith('r') ? lock.acquireRead() : lock.acquireWrite()
    hold.then(() => order.push(id))
    return hold
  })
  for (const each of asked) {
    ;(await each).release()
    await clock.settle()
  }
  expect(order).toEqual(['w1', 'r2', 'w3', 'r4'])
})
