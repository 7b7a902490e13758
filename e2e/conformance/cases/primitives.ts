/** What users of the library touch: mutex, keyed mutex, RW lock, all, waits that end, errors. */

import type { Hold, Locks, Mutex, RWPolicy, TimeoutError } from '../../../src/locks/index'
import { errorOf, rejection, same } from '../check'
import { turn } from '../settle'
import type { Stage } from '../stage'
import type { Case } from '../suite'

export interface Hands {
  readonly stage: Stage
  readonly locks: Locks
  /** Releases whatever comes of it when the case is over. */
  keep<T extends Hold | null>(asked: Promise<T>): Promise<T>
  /** Resolves when nothing moves any more. */
  settle(): Promise<void>
}

export const primitiveCases: readonly Case<Hands>[] = [
  mutex('run answers what the callback returns', async ({ locks }) => {
    same(await locks.mutex('p').run(async (hold) => hold.name), 'p')
  }),
  mutex('run rejects with what the callback throws, and releases', async ({ locks, keep }) => {
    const thrown = new RangeError('mine')
    const run = locks.mutex('p').run(() => Promise.reject(thrown))
    same((await rejection(run)) === thrown, true)
    same((await keep(locks.mutex('p').tryAcquire()))?.name, 'p')
  }),
  mutex('run calls back later, never at once', async ({ locks }) => {
    let called = false
    const run = locks.mutex('p').run(() => {
      called = true
    })
    same(called, false)
    await run
    same(called, true)
  }),
  mutex('a hundred increments lose none', async ({ locks }) => {
    let count = 0
    const increment = async () => {
      const read = count
      await turn()
      count = read + 1
    }
    await Promise.all(Array.from({ length: 100 }, () => locks.mutex('p').run(increment)))
    same(count, 100)
  }),
  mutex('whoever asks first is served first', async ({ locks }) => {
    const served: number[] = []
    const runs = [1, 2, 3, 4, 5].map((n) => locks.mutex('p').run(() => void served.push(n)))
    await Promise.all(runs)
    same(served, [1, 2, 3, 4, 5])
  }),
  mutex('tryAcquire answers null while it is held', async ({ locks, keep }) => {
    const hold = await keep(locks.mutex('p').acquire())
    same(await locks.mutex('p').tryAcquire(), null)
    hold.release()
    const second = await keep(locks.mutex('p').tryAcquire())
    same([second?.name, second?.mode], ['p', 'exclusive'])
  }),
  mutex('a second release is an error, disposal is not', async ({ locks, keep }) => {
    const hold = await keep(locks.mutex('p').acquire())
    hold.release()
    same(await errorOf(() => hold.release()), 'NotHeldError')
    hold[Symbol.dispose]()
    await hold[Symbol.asyncDispose]()
    same((await keep(locks.mutex('p').tryAcquire()))?.name, 'p')
  }),
  mutex('a task that asks for what it holds is refused', async ({ locks, keep }) => {
    const hold = await keep(locks.task('one').mutex('p').acquire())
    same(await errorOf(() => hold.mutex('p').acquire()), 'ReentrancyError')
    hold.release()
  }),
  mutex('neither lock nor hold can be copied', async ({ locks, keep }) => {
    const hold = await keep(locks.mutex('p').acquire())
    same(await errorOf(() => structuredClone(hold)), 'DataCloneError')
    same(await errorOf(() => structuredClone(locks.mutex('p'))), 'DataCloneError')
  }),
  mutex('a descriptor stands for the same lock', async ({ locks, keep }) => {
    const descriptor = structuredClone(locks.mutex('p').descriptor())
    const hold = await keep(locks.mutex('p').acquire())
    const twin = locks.from(descriptor) as Mutex
    same(await twin.tryAcquire(), null)
    hold.release()
    same((await keep(twin.tryAcquire()))?.name, 'p')
  }),
  mutex('a stolen lock is lost loudly', async ({ stage, locks, keep }) => {
    const hold = await keep(locks.mutex('p').acquire())
    const lost = new Promise((resolve) => hold.signal.addEventListener('abort', resolve))
    const run = locks.mutex('q').run(async ({ signal }) => {
      const told = new Promise((resolve) => signal.addEventListener('abort', resolve))
      stage.ask('thief of q', { name: 'q', steal: true })
      await told
      return 'done'
    })
    stage.ask('thief of p', { name: 'p', steal: true })
    await lost
    same((hold.signal.reason as Error).name, 'LockLostError')
    hold.release()
    same(await errorOf(() => run), 'LockLostError')
  }),
  mutex('strict is as exact', async ({ locks, keep }) => {
    const strict = locks.mutex('p', { fair: 'strict' })
    const hold = await keep(strict.acquire())
    same(await strict.tryAcquire(), null)
    hold.release()
    same(await strict.run(() => 5), 5)
  }),

  keyed('keys do not wait for each other', async ({ locks, keep }) => {
    const users = locks.keyedMutex('k')
    const [one, two] = [await keep(users.acquire(1)), await keep(users.acquire(2))]
    same([one.name, two.name], ['k:1', 'k:2'])
  }),
  keyed('one key excludes', async ({ locks, keep }) => {
    const users = locks.keyedMutex('k')
    const hold = await keep(users.acquire('a'))
    same(await users.tryAcquire('a'), null)
    hold.release()
    same(await users.run('a', () => 5), 5)
  }),
  keyed('retryAcquire gives up after the last attempt', async ({ locks, keep }) => {
    const users = locks.keyedMutex('k')
    const hold = await keep(users.acquire('a'))
    same(await users.retryAcquire('a', { attempts: 3, maxDelay: 1 }), null)
    hold.release()
    same((await keep(users.retryAcquire('a')))?.name, 'k:a')
  }),

  readWrite('readers share, a writer excludes', async ({ locks, keep }) => {
    const lock = locks.rwLock('r')
    const readers = [await keep(lock.acquireRead()), await keep(lock.acquireRead())]
    same(await lock.tryAcquireWrite(), null)
    for (const reader of readers) reader.release()
    const writer = await keep(lock.acquireWrite())
    same(await lock.tryAcquireRead(), null)
    writer.release()
  }),
  readWrite('a waiting writer holds back later readers', async ({ locks, keep, settle }) => {
    const lock = locks.rwLock('r')
    const journal: string[] = []
    const reader = await keep(lock.acquireRead())
    const writer = lock.write(() => void journal.push('writer'))
    // He has to pass the writers' gate first, and that is a way to go.
    await settle()
    const late = lock.read(() => void journal.push('late reader'))
    reader.release()
    await Promise.all([writer, late])
    same(journal, ['writer', 'late reader'])
  }),
  readWrite('phase-fair: a writer’s release admits all readers first', async ({ locks }) => {
    same(await phases(locks, 'phase-fair'), ['w1', 'r1', 'r2', 'w2'])
  }),
  readWrite('fifo: strictly in the order of asking', async ({ locks }) => {
    same(await phases(locks, 'fifo'), ['w1', 'r1', 'w2', 'r2'])
  }),
  readWrite('a writer turns reader with no writer in between', async ({ locks, keep }) => {
    const lock = locks.rwLock('r')
    const journal: string[] = []
    const writer = await keep(lock.acquireWrite())
    const second = lock.write(() => void journal.push('second writer'))
    const reader = await keep(writer.downgrade())
    journal.push('reads')
    await turn()
    reader.release()
    await second
    same(journal, ['reads', 'second writer'])
  }),

  all('takes all of them, and releases all', async ({ locks }) => {
    const names = await locks.all(['b', 'a'], (holds) => holds.map(({ name }) => name))
    same(names, ['b', 'a'])
    same(await locks.all(['a', 'b'], () => 'again'), 'again')
  }),
  all('in one order, so that two never wait for each other', async ({ locks }) => {
    let inside = 0
    const section = async () => {
      same(++inside, 1)
      await turn()
      inside--
    }
    const pairs = [
      ['a', 'b'],
      ['b', 'a'],
      ['b', 'c', 'a'],
      ['c', 'a'],
    ]
    await Promise.all(pairs.flatMap((pair) => [pair, pair]).map((pair) => locks.all(pair, section)))
  }),
  all('readers of one of them share it', async ({ locks }) => {
    const read = [{ name: 'r', mode: 'read' } as const]
    const both = await locks.all(read, async () => {
      await turn()
      return locks.all(read, () => 'both')
    })
    same(both, 'both')
  }),
  all('is refused to a task that holds a later one', async ({ locks, keep }) => {
    const hold = await keep(locks.task('one').mutex('b').acquire())
    same(await errorOf(() => hold.all(['a'], () => {})), 'LockOrderError')
  }),

  wait('ends with a TimeoutError that names the holder', async ({ locks, keep }) => {
    const hold = await keep(locks.task('the holder').mutex('t').acquire())
    const error = (await rejection(locks.mutex('t').acquire({ timeout: 1 }))) as TimeoutError
    same(error.name, 'TimeoutError')
    same(
      error.report.holders.map(({ task, mode }) => [task, mode]),
      [['the holder', 'exclusive']],
    )
    hold.release()
  }),
  wait('of 0 ms does not wait', async ({ locks, keep }) => {
    const hold = await keep(locks.mutex('t').acquire())
    same(await errorOf(() => locks.mutex('t').acquire({ timeout: 0 })), 'TimeoutError')
    hold.release()
    same((await keep(locks.mutex('t').acquire({ timeout: 0 }))).name, 't')
  }),
  wait('that timed out is out of the queue', async ({ locks, keep }) => {
    const hold = await keep(locks.mutex('t').acquire())
    await rejection(locks.mutex('t').acquire({ timeout: 1 }))
    const next = keep(locks.mutex('t').acquire())
    hold.release()
    same((await next).name, 't')
  }),
  wait('that is aborted rejects with the reason', async ({ locks, keep }) => {
    const hold = await keep(locks.mutex('t').acquire())
    const controller = new AbortController()
    const waits = locks.mutex('t').acquire({ signal: controller.signal })
    controller.abort('mine')
    same(await rejection(waits), 'mine')
    const before = locks.mutex('t').acquire({ signal: AbortSignal.abort('before') })
    same(await rejection(before), 'before')
    hold.release()
    same((await keep(locks.mutex('t').tryAcquire()))?.name, 't')
  }),
  {
    ...wait('of a writer that is aborted lets the readers through', async (hands) => {
      await abortedWriter(hands, () => {})
    }),
    unless: {
      quirk: 'withdrawal leaves the queue standing',
      run: (hands) => abortedWriter(hands, (reader) => reader.release()),
    },
  },

  refused('a name that begins with -', 'RangeError', (locks) => locks.mutex('-a')),
  refused('an empty name', 'TypeError', (locks) => locks.mutex('')),
  refused('a reserved name', 'RangeError', (locks) => locks.mutex('a!w')),
  refused('a timeout below 0', 'RangeError', (locks) => locks.mutex('p').acquire({ timeout: -1 })),
  refused('one name for two kinds of lock', 'TypeError', (locks) => {
    locks.mutex('of one kind')
    return locks.rwLock('of one kind')
  }),

  counted('stats and query tell what is held and waited for', async ({ locks, keep }) => {
    const hold = await keep(locks.task('one').mutex('c').acquire())
    const waits = locks.task('two').mutex('c').acquire()
    same(locks.stats(), { holds: 1, waits: 1, names: 1 })
    const { held, pending } = await locks.query()
    const tasks = (list: typeof held) => list.flatMap((it) => ('task' in it ? it.task : []))
    same([tasks(held), tasks(pending)], [['one'], ['two']])
    hold.release()
    ;(await waits).release()
    same(locks.stats(), { holds: 0, waits: 0, names: 0 })
  }),
]

/** @param then what is done to the reader inside before the one behind the writer gets in */
async function abortedWriter({ locks, keep }: Hands, then: (reader: Hold) => void): Promise<void> {
  const lock = locks.rwLock('r')
  const controller = new AbortController()
  const inside = await keep(lock.acquireRead())
  const writer = lock.acquireWrite({ signal: controller.signal })
  const reader = keep(lock.acquireRead())
  controller.abort('mine')
  same(await rejection(writer), 'mine')
  then(inside)
  same((await reader).mode, 'shared')
}

/** Two writers and two readers in turn; `r1` and `r2` come after `w1` holds. */
async function phases(locks: Locks, policy: RWPolicy): Promise<string[]> {
  const lock = locks.rwLock(`r ${policy}`, { policy })
  const journal: string[] = []
  const asked: Promise<void>[] = []
  const note = (what: string) => () => void journal.push(what)
  await lock.write(async () => {
    journal.push('w1')
    // Later than the beginning of the section, which asks on behalf of its own task.
    await turn()
    asked.push(lock.read(note('r1')), lock.write(note('w2')), lock.read(note('r2')))
  })
  await Promise.all(asked)
  return journal
}

function mutex(title: string, run: Case<Hands>['run']): Case<Hands> {
  return { group: 'mutex', title, run }
}

function keyed(title: string, run: Case<Hands>['run']): Case<Hands> {
  return { group: 'keyed mutex', title, run }
}

function readWrite(title: string, run: Case<Hands>['run']): Case<Hands> {
  return { group: 'RW lock', title, run }
}

function all(title: string, run: Case<Hands>['run']): Case<Hands> {
  return { group: 'all', title, run }
}

function wait(title: string, run: Case<Hands>['run']): Case<Hands> {
  return { group: 'a wait', title, run }
}

function counted(title: string, run: Case<Hands>['run']): Case<Hands> {
  return { group: 'what is alive', title, run }
}

function refused(title: string, error: string, ask: (locks: Locks) => unknown): Case<Hands> {
  const run = async ({ locks }: Hands) => same(await errorOf(() => ask(locks)), error)
  return { group: 'refused', title: `${title}: ${error}`, run }
}
