/** A call site is the line of whoever asked, through whichever method. */

import { expect, test } from 'vitest'
import { callSite } from './call-site'
import type { Locks } from './create-locks'
import { testLocks } from './testing/test-locks'

/** Named so that it can be told from everybody else's frames. */
const entries: readonly [string, (locks: Locks) => Promise<unknown>][] = [
  [
    'Mutex.run',
    async function userLine(l) {
      await l.mutex('a').run(() => {})
    },
  ],
  [
    'Mutex.acquire',
    async function userLine(l) {
      ;(await l.mutex('a').acquire()).release()
    },
  ],
  [
    'Mutex.tryAcquire',
    async function userLine(l) {
      ;(await l.mutex('a').tryAcquire())?.release()
    },
  ],
  [
    'KeyedMutex.run',
    async function userLine(l) {
      await l.keyedMutex('k').run('a', () => {})
    },
  ],
  [
    'KeyedMutex.acquire',
    async function userLine(l) {
      ;(await l.keyedMutex('k').acquire('a')).release()
    },
  ],
  [
    'KeyedMutex.tryAcquire',
    async function userLine(l) {
      ;(await l.keyedMutex('k').tryAcquire('a'))?.release()
    },
  ],
  [
    'KeyedMutex.retryAcquire',
    async function userLine(l) {
      ;(await l.keyedMutex('k').retryAcquire('a'))?.release()
    },
  ],
  [
    'RWLock.read',
    async function userLine(l) {
      await l.rwLock('r').read(() => {})
    },
  ],
  [
    'RWLock.write',
    async function userLine(l) {
      await l.rwLock('r').write(() => {})
    },
  ],
  [
    'RWLock.acquireRead',
    async function userLine(l) {
      ;(await l.rwLock('r').acquireRead()).release()
    },
  ],
  [
    'RWLock.acquireWrite',
    async function userLine(l) {
      ;(await l.rwLock('r').acquireWrite()).release()
    },
  ],
  [
    'RWLock.tryAcquireRead',
    async function userLine(l) {
      ;(await l.rwLock('r').tryAcquireRead())?.release()
    },
  ],
  [
    'RWLock.tryAcquireWrite',
    async function userLine(l) {
      ;(await l.rwLock('r').tryAcquireWrite())?.release()
    },
  ],
  [
    'WriteHold.downgrade',
    async function userLine(l) {
      ;(await (await l.rwLock('r').acquireWrite()).downgrade()).release()
    },
  ],
  [
    'Locks.all',
    async function userLine(l) {
      await l.all(['a', 'b', { name: 'r', mode: 'write' }], () => {})
    },
  ],
  [
    'Task.all',
    async function userLine(l) {
      await l.task().all(['a', 'b'], () => {})
    },
  ],
  [
    'Task.mutex',
    async function userLine(l) {
      await l
        .task()
        .mutex('a')
        .run(() => {})
    },
  ],
]

test.each(entries)('%s', async (_name, userLine) => {
  const { locks } = testLocks()
  locks.space.callSites = true
  const sites: (string | undefined)[] = []
  locks.subscribe(({ site }) => sites.push(site))
  await userLine(locks)
  expect(sites.length).toBeGreaterThan(2)
  for (const site of sites) expect(site).toMatch(/userLine .*call-site\.test\.ts:\d+:\d+/)
})

test.each<[string, (locks: Locks) => Promise<unknown>]>([
  [
    'Hold.mutex',
    (l) =>
      l.mutex('a').run(async function userLine(hold) {
        await hold.mutex('b').run(() => {})
      }),
  ],
  [
    'Hold.all',
    (l) =>
      l.mutex('a').run(async function userLine(hold) {
        await hold.all(['b', 'c'], () => {})
      }),
  ],
])('%s', async (_name, ask) => {
  const { locks } = testLocks()
  locks.space.callSites = true
  const sites: (string | undefined)[] = []
  locks.subscribe(({ site, lock }) => lock !== 'a' && sites.push(site))
  await ask(locks)
  expect(sites.length).toBeGreaterThan(2)
  for (const site of sites) expect(site).toMatch(/userLine .*call-site\.test\.ts:\d+:\d+/)
})

test('an error that names the holder says where it took the lock', async () => {
  const { locks, clock } = testLocks()
  locks.space.callSites = true
  const hold = await (async function userLine() {
    return await locks.task('checkout').mutex('a').acquire()
  })()
  const asked = locks.mutex('a').acquire({ timeout: 0 })
  const failed = expect(asked).rejects.toThrow(
    /"checkout" .*, taken at .*userLine .*call-site\.test/,
  )
  await clock.settle()
  await failed
  hold.release()
})

test('nothing is recorded unless asked for', async () => {
  const { locks } = testLocks()
  const sites: unknown[] = []
  locks.subscribe(({ site }) => sites.push(site))
  await locks.mutex('a').run(() => {})
  expect(sites).toEqual([undefined, undefined, undefined])
})

test.each<[engine: string, stack: string | undefined, frame: string | undefined]>([
  ['Chromium', 'Error: x\n    at ask (a.js:1:2)\n    at user (b.js:3:4)', 'user (b.js:3:4)'],
  ['Firefox', 'ask@a.js:1:2\nuser@b.js:3:4\n', 'user@b.js:3:4'],
  ['WebKit', 'ask@a.js:1:2\nuser@b.js:3:4', 'user@b.js:3:4'],
  ['an engine without stacks', undefined, undefined],
  ['a stack that ends', 'Error\n    at ask (a.js:1:2)', undefined],
])('%s', (_engine, stack, frame) => {
  const error = Object.assign(new Error('x'), { stack })
  expect(callSite({ error, ownFrames: 1 })).toBe(frame)
})
