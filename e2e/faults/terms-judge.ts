/**
 * The verdict over what agents wrote while they led, held permits and flew: whether two leaders
 * wrote into one log by turns, whether more was inside than may be, and whether a result came from
 * a run that never ended. That an agent was ended or frozen excuses what it had, not what comes after.
 */

/** How many may be inside at once. */
export const rooms = { permits: 3, once: 1 } as const
export type Room = keyof typeof rooms

/**
 * - `in`, `out`: `hold` is inside of `room` with so many permits, by its own account;
 * - `lost`: its holder was told that it lost it;
 * - `got`: the agent was given the result of the run `hold`;
 * - `refused`: the store did not take a write of the agent's, for it was late;
 * - `failed`: with what must not happen;
 * - `away`, `back`: from here on, or no more, the agent may be dead or frozen.
 */
export type Step =
  | {
      readonly kind: 'in' | 'out'
      readonly agent: number
      readonly room: Room
      readonly hold: number
      readonly permits: number
    }
  | { readonly kind: 'lost' | 'got'; readonly agent: number; readonly hold: number }
  | { readonly kind: 'failed'; readonly agent: number; readonly error: string }
  | { readonly kind: 'refused' | 'away' | 'back'; readonly agent: number }

/** What a leader wrote, and by which right. */
export interface Entry {
  readonly agent: number
  readonly fence: number
}

/** Each in the order in which it was written. */
export interface Evidence {
  readonly steps: readonly Step[]
  /** Through the fenced store. */
  readonly log: readonly Entry[]
  /** The same writes, past it. */
  readonly unfenced: readonly Entry[]
}

export interface Verdict {
  /** Writes of the log that came after those of a later leader, or by the right of another one. */
  readonly interleaved: readonly string[]
  readonly overfull: readonly string[]
  readonly unfinished: readonly string[]
  readonly failed: readonly string[]
  /** Late writes that were taken where there is no fence, and that were refused where there is. */
  readonly late: number
  readonly refused: number
  /** What there was to be wrong: leaderships that wrote, their writes, stays in rooms, results. */
  readonly leaders: number
  readonly writes: number
  readonly stays: number
  readonly results: number
}

export function judge({ steps, log, unfenced }: Evidence): Verdict {
  const count = (kind: Step['kind']) => steps.filter((step) => step.kind === kind).length
  return {
    interleaved: interleavedIn(log),
    overfull: overfullIn(steps),
    unfinished: unfinishedIn(steps),
    failed: steps.flatMap((step) => (step.kind === 'failed' ? `${step.agent}: ${step.error}` : [])),
    late: interleavedIn(unfenced).length,
    refused: count('refused'),
    leaders: new Set(log.map(({ fence }) => fence)).size,
    writes: log.length,
    stays: count('in'),
    results: count('got'),
  }
}

function interleavedIn(entries: readonly Entry[]): string[] {
  const found: string[] = []
  const writers = new Map<number, number>()
  let highest = 0
  for (const { agent, fence } of entries) {
    const writer = writers.get(fence) ?? agent
    if (fence < highest) found.push(`agent ${agent} wrote with fence ${fence} after ${highest}`)
    else if (writer !== agent) found.push(`agents ${writer} and ${agent} both had fence ${fence}`)
    writers.set(fence, writer)
    highest = Math.max(highest, fence)
  }
  return found
}

interface Inside {
  readonly agent: number
  readonly room: Room
  readonly permits: number
}

function overfullIn(steps: readonly Step[]): string[] {
  const found: string[] = []
  const lost = new Set(steps.flatMap((step) => (step.kind === 'lost' ? step.hold : [])))
  const away = new Set<number>()
  const inside = new Map<number, Inside>()
  for (const step of steps) {
    const { kind, agent } = step
    if (kind === 'out') inside.delete(step.hold)
    else if (kind === 'back') away.delete(agent)
    else if (kind === 'away') {
      away.add(agent)
      for (const [hold, each] of inside) if (each.agent === agent) inside.delete(hold)
    } else if (kind === 'in' && !away.has(agent) && !lost.has(step.hold)) {
      const { room, hold, permits } = step
      inside.set(hold, { agent, room, permits })
      const all = [...inside.values()].filter((each) => each.room === room)
      const taken = all.reduce((sum, each) => sum + each.permits, 0)
      if (taken <= rooms[room]) continue
      found.push(`${room}: ${taken} taken by agents ${all.map((each) => each.agent).join(', ')}`)
    }
  }
  return found
}

function unfinishedIn(steps: readonly Step[]): string[] {
  const finished = new Set<number>()
  const found: string[] = []
  for (const step of steps) {
    if (step.kind === 'out') finished.add(step.hold)
    if (step.kind !== 'got' || finished.has(step.hold)) continue
    found.push(`agent ${step.agent} got the result of a run that had not ended`)
  }
  return found
}
