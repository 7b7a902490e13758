/**
 * Detection by a thread that is blocked (`acquireSync`): it hears no probe and answers none, but
 * wakes now and then, and looks in the shared memory whether it waits for itself. Found are cycles
 * that consist of blocked threads, and of whoever waits ahead of one; those with a task that waits
 * asynchronously are its detector's to find, and to end.
 *
 * - Nothing is looked at before the wait has lasted `after`, and nothing but its own wait afterwards.
 * - A cycle counts when a second look, some time later, finds the same waits and holds again.
 * - The victim is whoever began to wait last: the table knows of no tasks and their ages, but of the
 *   order of waiting. Only the victim acts. Agents that do not detect are none (`agentFlag.detects`),
 *   nor is one for whose release nobody waits; where no other is left, nobody is.
 *
 * A thread that was terminated counts as blocked until its death is proven to one that is not.
 */

import { DeadlockError } from '../errors'
import type { BlockedWatch, PortRequest } from '../ports/port'
import { agentFlag, kind, kindOf } from '../ports/shared-memory/layout'
import type { Entry } from '../ports/shared-memory/own-requests'
import type { SharedMemoryPort } from '../ports/shared-memory/shared-memory'
import type { Space } from '../space'
import type { TaskHold } from '../task-hold'
import type { DetectorSettings } from './detector'
import { acquisitionOf } from './edges'
import { threadLink } from './links'
import { cycleKey, type Link, longestChain, partiesOf } from './protocol'
import { readTable, type TableWaits } from './table-waits'
import { describeCycle } from './words'

/** Between two looks at one cycle, in ms. */
const pause = 10

/** Looking rests so many times as long as it took: the latch is others', too. */
const restFor = 10

/** What this thread knows of a wait of its own. */
interface Watched {
  /** In ms since the epoch. */
  readonly since: number
  /** When it is looked at next, by the steady clock. */
  due: number
  /** The cycle that the last look found. */
  seen: string
  reported: string
}

/** A wait of a chain, and the held node by which the one before came to it; 0 if it waits ahead. */
interface Step {
  readonly at: number
  hold: number
}

export class BlockedThread {
  readonly #waits = new WeakMap<PortRequest, Watched>()

  constructor(
    readonly space: Space,
    readonly settings: () => DetectorSettings,
  ) {}

  /** What a port asks how long it may sleep. @throws DeadlockError to the victim, whose wait has ended */
  readonly watch: BlockedWatch = (request) => {
    const { clock } = this.space
    const now = clock.now()
    const known = this.#waits.get(request)
    if (known === undefined) {
      const { after } = this.settings()
      this.#waits.set(request, { since: clock.coarse(), due: now + after, seen: '', reported: '' })
      this.#announce()
      return after
    }
    if (now < known.due) return known.due - now
    const rest = this.#look(request, known)
    known.due = clock.now() + rest
    return rest
  }

  /** Others may leave it to this agent to end a deadlock. */
  #announce(): void {
    const { seat } = this.space.ports.strict as Partial<SharedMemoryPort>
    const polls = seat?.waitAsync === null ? agentFlag.polls : 0
    seat?.agents.setFlags(seat.own, agentFlag.blocks | agentFlag.detects | polls)
  }

  /** @returns for how long to rest, in ms */
  #look(request: PortRequest, known: Watched): number {
    const { clock, ports } = this.space
    const start = clock.now()
    const wait = acquisitionOf(this.space, request)
    const entry = request.slot as Entry | undefined
    if (wait === undefined || entry === undefined) return this.settings().after
    const cycle = readTable(
      ports.strict,
      (table) => this.#cycle(table, entry.at, wait, known) ?? 'none',
    )
    // Somebody else is at the table.
    if (cycle === undefined) return pause
    const before = known.seen
    known.seen = cycle === 'none' ? '' : cycleKey(cycle)
    if (cycle !== 'none' && known.seen === before) {
      return this.#conclude(request, wait, cycle, known)
    }
    const rest = cycle === 'none' ? this.settings().after : 0
    return Math.max(rest, pause, restFor * (clock.now() - start))
  }

  /** @returns `false` if something has become of it since it was looked at */
  #withdraw({ slot }: PortRequest): boolean {
    const entry = slot as Entry
    const { seat, words, own, delivery } = this.space.ports.strict as SharedMemoryPort
    const state = words.load(entry.at)
    if (kindOf(state) !== kind.waiting || !seat?.table.withdraw(entry.at, state)) return false
    own.remove(entry)
    delivery.soon(seat)
    return true
  }

  /** The cycle whose victim this wait is. */
  #cycle(table: TableWaits, at: number, wait: TaskHold, known: Watched): Link[] | undefined {
    return findCycle(table, at)?.map((step) => {
      const earlier = isLater(table, at, step.at)
      const since = earlier ? known.since : this.space.clock.coarse()
      const hold = step.hold === 0 ? undefined : String(step.hold)
      const link = threadLink(table.describe(step.at), hold, since)
      return step.at === at ? { ...link, ...this.#self(wait, known) } : link
    })
  }

  #self({ task, name, mode, site }: TaskHold, { since }: Watched): Partial<Link> {
    const where = site === undefined ? {} : { site }
    return {
      agent: this.space.agent,
      task: task.id,
      name: task.name,
      lock: name,
      reach: this.space.reach,
      mode,
      since,
      ...where,
    }
  }

  /** @returns as `#look` */
  #conclude(request: PortRequest, wait: TaskHold, cycle: readonly Link[], known: Watched): number {
    const { space } = this
    const { after, onDeadlock } = this.settings()
    if (known.reported === known.seen) return after
    known.reported = known.seen
    const parties = partiesOf(cycle, space.clock.coarse())
    const error = new DeadlockError(describeCycle(parties, new Set([space.agent])), parties)
    if (onDeadlock === 'reject') {
      if (!this.#withdraw(request)) return pause
      wait.more.details = { cycle: parties }
      wait.become('deadlock')
      throw error
    }
    space.emitRare?.('deadlock', wait, { cycle: parties, goesOn: true })
    if (onDeadlock !== 'report') tell(onDeadlock, error)
    return after
  }
}

/** At once: in a later turn of the event loop the deadlock would be over. */
function tell(listener: (error: DeadlockError) => void, error: DeadlockError): void {
  try {
    listener(error)
  } catch (thrown) {
    // As an event's listener: one that throws must not end the wait.
    queueMicrotask(() => {
      throw thrown
    })
  }
}

/**
 * A cycle in which this node's thread is the victim: nobody in it who might be one has begun to wait
 * later.
 */
function findCycle(table: TableWaits, start: number): readonly Step[] | undefined {
  if (!table.waits(start)) return undefined
  const first: Step = { at: start, hold: 0 }
  const chain = [first]
  const visited = new Set([start])
  const follow = (at: number): boolean => {
    for (const { at: next, hold } of stepsFrom(table, at)) {
      if (next === start && hold !== 0) {
        first.hold = hold
        return true
      }
      if (visited.has(next) || chain.length >= longestChain) continue
      if (hold !== 0 && detects(table, next) && isLater(table, next, start)) continue
      visited.add(next)
      chain.push({ at: next, hold })
      if (follow(next)) return true
      chain.pop()
    }
    return false
  }
  return follow(start) ? chain : undefined
}

/** To whatever has to end before this one can be granted, where the table knows what that waits for. */
function* stepsFrom(table: TableWaits, at: number): Generator<Step> {
  for (const each of table.before(at)) {
    const waits = table.waits(each)
    const blocked = table.blockedFor(table.slot(each))
    if (blocked !== 0) yield { at: blocked, hold: waits ? 0 : each }
    if (waits && each !== blocked) yield { at: each, hold: 0 }
  }
}

function detects(table: TableWaits, at: number): boolean {
  return table.seat.agents.hasFlag(table.slot(at), agentFlag.detects)
}

/** Whether one began to wait later than the other: tickets are numbers of 32 bits that start anew. */
function isLater(table: TableWaits, one: number, other: number): boolean {
  return ((table.ticket(one) - table.ticket(other)) | 0) > 0
}
