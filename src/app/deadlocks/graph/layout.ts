/**
 * Where threads and locks stand in the wait-for graph: pure, and the same for every step of a
 * program, so that only the edges change. Threads stand on a ring, in their order. A lock that two
 * threads use stands on the ring between them, so that philosophers and forks sit as at their
 * table; what more threads use stands in the middle.
 */

export interface Use {
  /** Indexes. */
  readonly thread: number
  readonly lock: number
}

export interface Wanted {
  readonly threads: number
  readonly locks: number
  readonly uses: readonly Use[]
  readonly width: number
  readonly height: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Layout {
  readonly threads: readonly Point[]
  readonly locks: readonly Point[]
}

/** Room for a name beside the outermost nodes. */
const margin = { x: 52, y: 40 }

export function layoutOf({ threads, locks, uses, width, height }: Wanted): Layout {
  const centre = { x: width / 2, y: height / 2 }
  const radius = { x: width / 2 - margin.x, y: height / 2 - margin.y }
  // From the left for two, so that they face each other; else from the top, clockwise.
  const first = threads <= 2 ? Math.PI : -Math.PI / 2
  const on = (turn: number, scale = 1): Point => ({
    x: centre.x + radius.x * scale * Math.cos(first + turn * 2 * Math.PI),
    y: centre.y + radius.y * scale * Math.sin(first + turn * 2 * Math.PI),
  })
  const gaps = gapsOf({ threads, locks, uses })
  const inner = gaps.flatMap((gap, lock) => (gap === undefined ? [lock] : []))
  return {
    threads: range(threads).map((thread) => on(thread / threads)),
    locks: gaps.map((gap, lock) => {
      if (gap === undefined) {
        if (threads === 1) return on(0.5)
        const at = inner.indexOf(lock)
        return inner.length === 1 ? centre : on((at + 0.25) / inner.length, 0.4)
      }
      const fellows = gaps.flatMap((each, other) => (each === gap ? [other] : []))
      const share = (fellows.indexOf(lock) + 1) / (fellows.length + 1)
      return on((gap + share) / threads)
    }),
  }
}

/** For each lock the gap it stands in (0 is between thread 0 and 1), or none: in the middle. */
function gapsOf({ threads, locks, uses }: Pick<Wanted, 'threads' | 'locks' | 'uses'>) {
  const usersOf = range(locks).map((lock) => [
    ...new Set(uses.filter((use) => use.lock === lock).map((use) => use.thread)),
  ])
  const taken = range(threads).map(() => 0)
  return usersOf.map((users) => {
    if (users.length > 2 || (locks === 1 && threads > 1)) return undefined
    if (threads === 1) return locks === 1 ? undefined : 0
    const cost = (gap: number) =>
      (taken[gap] ?? 0) * 1.5 +
      users.reduce((sum, user) => sum + apart(user, gap + 0.5, threads), 0)
    const best = range(threads).reduce((least, gap) => (cost(gap) < cost(least) ? gap : least), 0)
    taken[best] = (taken[best] ?? 0) + 1
    return best
  })
}

/** On a ring of `around` places. */
function apart(a: number, b: number, around: number): number {
  const direct = Math.abs(a - b)
  return Math.min(direct, around - direct)
}

const range = (length: number) => Array.from({ length }, (_, index) => index)
