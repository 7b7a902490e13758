/**
 * The programs that come with the page: each goes wrong in one way, and has its fix. All are
 * written as a person would write them, comments included.
 */

/** How a broken program goes wrong, under some schedule at least. */
export type Trouble = 'deadlock' | 'stuck' | 'misuse' | 'lost-update'

export interface ProgramCase {
  readonly id: string
  readonly title: string
  /** Two sentences: what happens, and why. */
  readonly cause: string
  readonly trouble: Trouble
  /** Texts for `parseProgram`. */
  readonly broken: string
  readonly fixed: string
  /** What the fix does, for its switch. */
  readonly fixLabel: string
  /** A second way to mend it. */
  readonly otherFix?: { readonly label: string; readonly text: string }
}

/** How the philosophers take their forks. */
export type DiningManner = 'left first' | 'in order' | 'all at once'

export const philosophers = { least: 2, most: 7, usual: 5 } as const

/** Text of the dining philosophers; each has fork n at the left and fork n + 1 at the right. */
export function dining(count: number, manner: DiningManner): string {
  const { least, most } = philosophers
  if (!Number.isInteger(count) || count < least || count > most) {
    throw new RangeError(`count must be a whole number from ${least} to ${most}, got ${count}`)
  }
  const threads = Array.from({ length: count }, (_, index) => {
    const left = `fork${index + 1}`
    const right = `fork${((index + 1) % count) + 1}`
    return `thread Philosopher ${index + 1}\n${meal(left, right, manner)}`
  })
  return `title ${count} philosophers, ${manner}\n${threads.join('')}`
}

function meal(left: string, right: string, manner: DiningManner): string {
  if (manner === 'all at once')
    return `  sleep 0..20\n  all ${left} ${right}\n  sleep 1..10\n  unlock all\n`
  const inOrder = left < right || manner === 'left first'
  const [first, second] = inOrder ? [left, right] : [right, left]
  return `  sleep 0..20\n  lock ${first}\n  sleep 1..10\n  lock ${second}\n  unlock ${second}\n  unlock ${first}\n`
}

/** The catalogue's entry for any number of philosophers. */
export function diningCase(count: number): ProgramCase {
  return {
    id: 'dining',
    title: 'Dining philosophers',
    cause:
      'Everyone takes the left fork first, and if all do so before anyone takes the right one, all wait for their neighbours for ever. The circle of the table has become a circle of waits.',
    trouble: 'deadlock',
    broken: dining(count, 'left first'),
    fixed: dining(count, 'in order'),
    fixLabel: 'Everyone takes the fork with the lower number first',
    otherFix: {
      label: 'Everyone takes both forks with one all',
      text: dining(count, 'all at once'),
    },
  }
}

const recursiveRead: ProgramCase = {
  id: 'recursive-read',
  title: 'Recursive read lock',
  cause:
    'A reader reads again while it still reads, and in between a writer has begun to wait. The writer waits for the first read, and the second read waits behind the writer.',
  trouble: 'deadlock',
  broken: `title Recursive read lock
policy go
thread Reader
  read settings
  sleep 1..10
  read settings     # by a function that it calls
  unread settings
  unread settings
thread Writer
  sleep 1..10
  write settings
  unwrite settings
`,
  fixed: `title Read once
policy go
thread Reader
  read settings
  sleep 1..10       # the function is called with what was read
  unread settings
thread Writer
  sleep 1..10
  write settings
  unwrite settings
`,
  fixLabel: 'Read once, and hand on what was read',
}

const nestedWrite: ProgramCase = {
  id: 'nested-write',
  title: 'Nested write lock',
  cause:
    'A writer asks for the write lock that it holds, so it waits for itself. No schedule helps: this one deadlocks every time.',
  trouble: 'deadlock',
  broken: `title Nested write lock
policy go
thread Writer
  sleep 1..10
  write settings
  write settings    # by a function that it calls
  unwrite settings
  unwrite settings
thread Reader
  sleep 1..10
  read settings
  unread settings
`,
  fixed: `title Write once
policy go
thread Writer
  sleep 1..10
  write settings    # the function expects it to be held
  unwrite settings
thread Reader
  sleep 1..10
  read settings
  unread settings
`,
  fixLabel: 'Lock outside, and let the inner function expect it',
}

const abBa: ProgramCase = {
  id: 'ab-ba',
  title: 'AB–BA',
  cause:
    'One thread takes a and then b, the other b and then a. If each gets its first lock, each waits for what the other holds.',
  trouble: 'deadlock',
  broken: `title AB–BA
thread A
  lock a
  sleep 1..10
  lock b
  unlock b
  unlock a
thread B
  sleep 1..10
  lock b
  sleep 1..10
  lock a
  unlock a
  unlock b
`,
  fixed: `title AB–AB
thread A
  lock a
  sleep 1..10
  lock b
  unlock b
  unlock a
thread B
  sleep 1..10
  lock a
  sleep 1..10
  lock b
  unlock b
  unlock a
`,
  fixLabel: 'Both take a first',
}

const forgottenUnlock: ProgramCase = {
  id: 'forgotten-unlock',
  title: 'Forgotten unlock',
  cause:
    'A thread ends and has not given back what it took. Whoever asks afterwards waits for a thread that is gone: there is no cycle, and still nobody goes on.',
  trouble: 'stuck',
  broken: `title Forgotten unlock
thread First
  sleep 1..10
  lock a
thread Second
  sleep 1..10
  lock a
  unlock a
`,
  fixed: `title Unlocked
thread First
  sleep 1..10
  lock a
  unlock a
thread Second
  sleep 1..10
  lock a
  unlock a
`,
  fixLabel: 'Unlock at the end',
}

const skippedUnlock: ProgramCase = {
  id: 'skipped-unlock',
  title: 'Unlock skipped by an exception',
  cause:
    'The thread throws between its lock and its unlock, so the unlock never runs. Whoever asks afterwards waits for a thread that is gone.',
  trouble: 'stuck',
  broken: `title Unlock skipped by an exception
thread First
  sleep 1..10
  lock a
  throw
  unlock a
thread Second
  sleep 1..10
  lock a
  unlock a
`,
  fixed: `title Unlock deferred
thread First
  sleep 1..10
  lock a
  defer unlock a
  throw
thread Second
  sleep 1..10
  lock a
  unlock a
`,
  fixLabel: 'Defer the unlock right after the lock',
}

const earlyDefer: ProgramCase = {
  id: 'early-defer',
  title: 'Unlock deferred too early',
  cause:
    'The unlock is registered before the lock is taken, and the thread throws in between. Its end then unlocks what it never held, which hides the error that was thrown.',
  trouble: 'misuse',
  broken: `title Unlock deferred too early
thread First
  defer unlock a
  sleep 1..10
  throw
  lock a
thread Second
  sleep 1..10
  lock a
  unlock a
`,
  fixed: `title Unlock deferred in time
thread First
  sleep 1..10
  lock a
  defer unlock a
  throw
thread Second
  sleep 1..10
  lock a
  unlock a
`,
  fixLabel: 'Defer the unlock right after the lock',
}

const twoUpgrades: ProgramCase = {
  id: 'two-upgrades',
  title: 'Two readers that upgrade',
  cause:
    'Both read and then ask to write without giving the read lock back. A writer waits until nobody reads, and the reader that never leaves is itself.',
  trouble: 'deadlock',
  broken: `title Two readers that upgrade
policy go
thread First
  read cache
  sleep 1..10
  write cache
  unwrite cache
  unread cache
thread Second
  sleep 1..10
  read cache
  sleep 1..10
  write cache
  unwrite cache
  unread cache
`,
  fixed: `title Read, leave, write
policy go
thread First
  read cache
  sleep 1..10
  unread cache
  write cache       # and look again: it may have changed
  unwrite cache
thread Second
  sleep 1..10
  read cache
  sleep 1..10
  unread cache
  write cache
  unwrite cache
`,
  fixLabel: 'Leave before writing, and look again',
}

const callback: ProgramCase = {
  id: 'callback',
  title: 'A callback that asks for its own lock',
  cause:
    'A thread calls back into foreign code while it holds a lock, and that code asks for the same lock. It waits for its own caller, and so does everybody else.',
  trouble: 'deadlock',
  broken: `title A callback that asks for its own lock
thread Notifier
  sleep 1..10
  lock listeners
  lock listeners    # a listener removes itself
  unlock listeners
  unlock listeners
thread Other
  sleep 1..10
  lock listeners
  unlock listeners
`,
  fixed: `title Called without the lock
thread Notifier
  sleep 1..10
  lock listeners    # copies the list
  unlock listeners
  lock listeners    # a listener removes itself
  unlock listeners
thread Other
  sleep 1..10
  lock listeners
  unlock listeners
`,
  fixLabel: 'Copy under the lock, call without it',
}

const hitCounter: ProgramCase = {
  id: 'hit-counter',
  title: 'A hit counter without a lock',
  cause:
    'Both load the counter before either stores it, so both store the same number. Two hits, and the counter says 1.',
  trouble: 'lost-update',
  broken: `title A hit counter without a lock
var hits = 0
thread First
  sleep 1..10
  n = hits
  sleep 1..10
  hits = n + 1
thread Second
  sleep 1..10
  n = hits
  sleep 1..10
  hits = n + 1
`,
  fixed: `title A hit counter with a lock
var hits = 0
thread First
  sleep 1..10
  lock counter
  n = hits
  sleep 1..10
  hits = n + 1
  unlock counter
thread Second
  sleep 1..10
  lock counter
  n = hits
  sleep 1..10
  hits = n + 1
  unlock counter
`,
  fixLabel: 'Lock around load and store',
}

/** The first is the default. */
export const programCases: readonly ProgramCase[] = [
  recursiveRead,
  nestedWrite,
  abBa,
  diningCase(philosophers.usual),
  forgottenUnlock,
  skippedUnlock,
  earlyDefer,
  twoUpgrades,
  callback,
  hitCounter,
]
