/**
 * A seeded run for tests and the bench: some agents take some locks in turn, each lock exclusively,
 * in the order of asking. Its waits follow from its holds, so it is a run that could have been.
 */

import type { LockEvent } from '../../../locks'

export interface Acquired {
  readonly request: string
  readonly agent?: string
  readonly lock?: string
  readonly mode?: LockEvent['mode']
  readonly site?: string
  readonly from: number
  readonly granted: number
  readonly released: number
}

export function acquisition({
  request,
  agent = 'worker-1',
  lock = 'cart',
  mode = 'exclusive',
  site,
  from,
  granted,
  released,
}: Acquired): LockEvent[] {
  const base = { agent, task: `task-${request}`, lock, mode, request, site }
  return [
    { ...base, type: 'request', time: from },
    { ...base, type: 'grant', time: granted },
    { ...base, type: 'release', time: released },
  ]
}

export interface RandomRunOptions {
  readonly acquisitions: number
  readonly agents?: number
  readonly locks?: number
  /** ms on average */
  readonly hold?: number
  readonly think?: number
  readonly start?: number
}

export interface RandomRun {
  readonly start: number
  /** By time. */
  readonly events: readonly LockEvent[]
  /** ms, all waits together. */
  readonly waited: number
  readonly grants: number
}

export function randomRun(
  seed: number,
  { acquisitions, agents = 4, locks = 2, hold = 1, think = 2, start = 5_000 }: RandomRunOptions,
): RandomRun {
  const random = seededRandom(seed)
  const length = (mean: number) => -Math.log(1 - random()) * mean
  const ready = Array.from({ length: agents }, () => start)
  const free = Array.from({ length: locks }, () => start)
  const events: LockEvent[] = []
  let waited = 0
  for (let index = 0; index < acquisitions; index++) {
    // Whoever is ready first asks next: so locks are given in the order of asking.
    const agent = ready.indexOf(Math.min(...ready))
    const lock = Math.floor(random() * locks)
    const from = (ready[agent] ?? start) + length(think)
    const granted = Math.max(from, free[lock] ?? start)
    const released = granted + length(hold)
    free[lock] = released
    ready[agent] = released
    waited += granted - from
    events.push(
      ...acquisition({
        request: `r${index}`,
        agent: `worker-${agent + 1}`,
        lock: `key-${lock + 1}`,
        mode: 'exclusive',
        from,
        granted,
        released,
      }),
    )
  }
  return { start, events: events.sort((a, b) => a.time - b.time), waited, grants: acquisitions }
}

/** Mulberry32 (public domain, Tommy Ettinger). */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
