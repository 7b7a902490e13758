/**
 * The Web Locks specification in our own words, asked of anything with the standard face: the
 * library's own over a port, and the browser's, which proves the words right.
 */

import { errorOf, nameOf, rejection, same, until } from '../check'
import type { Case } from '../suite'

export const managerCases: readonly Case<LockManager>[] = [
  request('answers what the callback returns', async (locks) => {
    same(await locks.request('a', () => 5), 5)
    same(await locks.request('a', async () => 'later'), 'later')
  }),
  request('rejects with what the callback throws', async (locks) => {
    const thrown = new RangeError('mine')
    const sync = locks.request('a', () => {
      throw thrown
    })
    same((await rejection(sync)) === thrown, true)
    same((await rejection(locks.request('a', () => Promise.reject(thrown)))) === thrown, true)
  }),
  request('gives the lock back when the callback throws', async (locks) => {
    await rejection(locks.request('a', () => Promise.reject(new Error('mine'))))
    same(await locks.request('a', { ifAvailable: true }, (lock) => lock !== null), true)
  }),
  request('calls back later, never at once', async (locks) => {
    let called = false
    const done = locks.request('a', () => {
      called = true
    })
    same(called, false)
    await done
    same(called, true)
  }),
  request('holds the lock until the promise settles', async (locks) => {
    const journal: string[] = []
    const { promise, resolve } = withResolvers()
    const first = locks.request('a', async () => {
      await promise
      journal.push('first ends')
    })
    const second = locks.request('a', () => journal.push('second'))
    await locks.request('b', () => {})
    resolve()
    await Promise.all([first, second])
    same(journal, ['first ends', 'second'])
  }),
  request('gives the lock a name and a mode', async (locks) => {
    const read = (lock: Lock | null) => [lock?.name, lock?.mode]
    same(await locks.request('a', read), ['a', 'exclusive'])
    same(await locks.request('a', { mode: 'shared' }, read), ['a', 'shared'])
    same(await locks.request('', read), ['', 'exclusive'])
  }),
  request('takes what is no string for the name it reads as', async (locks) => {
    same(await locks.request(5 as never, (lock) => lock?.name), '5')
  }),
  request('serves in the order of asking', async (locks) => {
    const served: number[] = []
    const all = [1, 2, 3, 4, 5].map((n) => locks.request('a', () => served.push(n)))
    await Promise.all(all)
    same(served, [1, 2, 3, 4, 5])
  }),
  request('lets readers in together, and a writer when all are out', async (locks) => {
    const journal: string[] = []
    const { promise, resolve } = withResolvers()
    let inside = 0
    const reader = async () => {
      journal.push('in')
      if (++inside === 2) resolve()
      await promise
      journal.push('out')
    }
    const shared = { mode: 'shared' } as const
    const all = [
      locks.request('a', shared, reader),
      locks.request('a', shared, reader),
      locks.request('a', () => journal.push('writer')),
      locks.request('a', shared, () => journal.push('late reader')),
    ]
    await Promise.all(all)
    same(journal, ['in', 'in', 'out', 'out', 'writer', 'late reader'])
  }),

  refusal('a name that begins with -', 'NotSupportedError', (locks) =>
    locks.request('-a', () => {}),
  ),
  refusal('steal with ifAvailable', 'NotSupportedError', (locks) =>
    locks.request('a', { steal: true, ifAvailable: true }, () => {}),
  ),
  refusal('stealing a shared lock', 'NotSupportedError', (locks) =>
    locks.request('a', { steal: true, mode: 'shared' }, () => {}),
  ),
  refusal('a signal with steal', 'NotSupportedError', (locks) =>
    locks.request('a', { steal: true, signal: new AbortController().signal }, () => {}),
  ),
  refusal('a signal with ifAvailable', 'NotSupportedError', (locks) =>
    locks.request('a', { ifAvailable: true, signal: new AbortController().signal }, () => {}),
  ),
  refusal('another mode', 'TypeError', (locks) =>
    locks.request('a', { mode: 'write' as never }, () => {}),
  ),
  refusal('no callback', 'TypeError', (locks) => locks.request('a', undefined as never)),
  refusal('a callback that is no function', 'TypeError', (locks) =>
    locks.request('a', {}, 5 as never),
  ),
  refusal('a signal that is none', 'TypeError', (locks) =>
    locks.request('a', { signal: {} as never }, () => {}),
  ),

  available('gets the lock if it is free', async (locks) => {
    same(await locks.request('a', { ifAvailable: true }, (lock) => lock?.name), 'a')
  }),
  available('gets null if it is not', async (locks) => {
    const answer = await locks.request('a', () =>
      locks.request('a', { ifAvailable: true }, (lock) => lock),
    )
    same(answer, null)
  }),
  available('shares with a reader', async (locks) => {
    const answer = await locks.request('a', { mode: 'shared' }, () =>
      locks.request('a', { mode: 'shared', ifAvailable: true }, (lock) => lock?.mode),
    )
    same(answer, 'shared')
  }),

  {
    ...signal('that has aborted rejects with its reason, and nobody is called', async (locks) => {
      same(await abortedBefore(locks), 'mine')
    }),
    unless: {
      quirk: 'the reason of an aborted signal is lost',
      async run(locks) {
        same(nameOf(await abortedBefore(locks)), 'AbortError')
      },
    },
  },
  signal('that aborts a wait rejects with its reason', async (locks) => {
    const controller = new AbortController()
    const { signal } = controller
    await locks.request('a', async () => {
      const waits = locks.request('a', { signal }, () => 'granted')
      controller.abort('mine')
      same(await rejection(waits), 'mine')
    })
  }),
  signal('without a reason rejects with AbortError', async (locks) => {
    const controller = new AbortController()
    await locks.request('a', async () => {
      const waits = locks.request('a', { signal: controller.signal }, () => {})
      controller.abort()
      same(await errorOf(() => waits), 'AbortError')
    })
  }),
  {
    ...signal('lets in whom its request held back', async (locks) => {
      await withdrawnWriter(locks, (letGo, reader) => reader.then(letGo))
    }),
    unless: {
      quirk: 'withdrawal leaves the queue standing',
      run: (locks) => withdrawnWriter(locks, (letGo) => letGo()),
    },
  },
  signal('is ignored once the lock is held', async (locks) => {
    const controller = new AbortController()
    const held = locks.request('a', { signal: controller.signal }, async () => {
      controller.abort('mine')
      await locks.request('b', () => {})
      return 'done'
    })
    same(await held, 'done')
  }),

  stealing('rejects the holder with AbortError', async (locks) => {
    const { promise, resolve } = withResolvers()
    const robbed = locks.request('a', () => promise)
    robbed.catch(() => {})
    await queued(locks, ({ held }) => held.includes('a'))
    same(await locks.request('a', { steal: true }, (lock) => lock?.mode), 'exclusive')
    same(await errorOf(() => robbed), 'AbortError')
    resolve()
  }),
  stealing('goes before who waits', async (locks) => {
    const journal: string[] = []
    const { promise, resolve } = withResolvers()
    const robbed = locks.request('a', () => promise)
    robbed.catch(() => {})
    const waits = locks.request('a', () => journal.push('waited'))
    await queued(locks, ({ pending }) => pending.includes('a'))
    await locks.request('a', { steal: true }, () => journal.push('thief'))
    await waits
    same(journal, ['thief', 'waited'])
    resolve()
  }),

  listing('tells who holds and who waits, and of one agent alike', async (locks) => {
    const { promise, resolve } = withResolvers()
    const all = [
      locks.request('a', { mode: 'shared' }, () => promise),
      locks.request('a', () => {}),
      locks.request('b', () => promise),
    ]
    await queued(locks, ({ held, pending }) => held.length === 2 && pending.length === 1)
    const { held = [], pending = [] } = await locks.query()
    const told = (list: LockInfo[]) => list.filter(ours).map(({ name, mode }) => `${mode} ${name}`)
    same(told(held).sort(), ['exclusive b', 'shared a'])
    same(told(pending), ['exclusive a'])
    const ids = new Set([...held, ...pending].filter(ours).map(({ clientId }) => clientId))
    same([ids.size, [...ids].every((id) => typeof id === 'string' && id !== '')], [1, true])
    resolve()
    await Promise.all(all)
  }),
  listing('has nothing once all is given back', async (locks) => {
    await locks.request('a', () => {})
    await queued(locks, ({ held, pending }) => held.length + pending.length === 0)
  }),
]

async function abortedBefore(locks: LockManager): Promise<unknown> {
  let called = false
  const asked = locks.request('a', { signal: AbortSignal.abort('mine') }, () => {
    called = true
  })
  const reason = await rejection(asked)
  same(called, false)
  return reason
}

/** A reader holds, a writer gives up waiting, a reader behind him gets in: when is up to `end`. */
async function withdrawnWriter(
  locks: LockManager,
  end: (letGo: () => void, reader: Promise<unknown>) => unknown,
): Promise<void> {
  const controller = new AbortController()
  const { signal } = controller
  const journal: string[] = []
  const { promise, resolve } = withResolvers()
  const holds = locks.request('a', { mode: 'shared' }, () => promise)
  const writer = locks.request('a', { signal }, () => journal.push('writer'))
  const reader = locks.request('a', { mode: 'shared' }, () => journal.push('reader'))
  controller.abort('mine')
  same(await rejection(writer), 'mine')
  await end(resolve, reader)
  await Promise.all([holds, reader])
  same(journal, ['reader'])
}

/** Resolves once the manager's list is as wanted. */
async function queued(
  locks: LockManager,
  wanted: (names: { held: string[]; pending: string[] }) => boolean,
): Promise<void> {
  const names = (list: LockInfo[] = []) => list.filter(ours).map(({ name = '' }) => name)
  await until('the list is as it should be', async () => {
    const { held, pending } = await locks.query()
    return wanted({ held: names(held), pending: names(pending) })
  })
}

/** Not what the library itself holds. */
function ours({ name = '' }: LockInfo): boolean {
  return !name.startsWith('latchkey ')
}

/** `Promise.withResolvers` is missing in Node 20. */
function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

function request(title: string, run: Case<LockManager>['run']): Case<LockManager> {
  return { group: 'standard: request', title, run }
}

function refusal(
  title: string,
  error: string,
  ask: (locks: LockManager) => Promise<unknown>,
): Case<LockManager> {
  const run = async (locks: LockManager) => same(await errorOf(() => ask(locks)), error)
  return { group: 'standard: refused', title: `${title}: ${error}`, run }
}

function available(title: string, run: Case<LockManager>['run']): Case<LockManager> {
  return { group: 'standard: ifAvailable', title, run }
}

function signal(title: string, run: Case<LockManager>['run']): Case<LockManager> {
  return { group: 'standard: a signal', title, run }
}

function stealing(title: string, run: Case<LockManager>['run']): Case<LockManager> {
  return { group: 'standard: steal', title, run }
}

function listing(title: string, run: Case<LockManager>['run']): Case<LockManager> {
  return { group: 'standard: query', title, run }
}
