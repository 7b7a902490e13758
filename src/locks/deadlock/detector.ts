/**
 * Finds cycles of tasks that wait for each other, in one agent and across agents, by edge chasing
 * (Chandy, Misra and Haas, "Distributed deadlock detection", 1983, for the AND model). A wait that
 * lasts too long sends a probe along everything that it waits for: in memory within an agent, and
 * over the port's bus to the next one. A probe that comes back has found a cycle.
 *
 * What it promises, among agents that detect and answer:
 * - nothing is done for a wait before it has lasted `after`; no state is kept for it;
 * - every cycle that persists is found: lost messages are made good by a new round every `after`;
 * - none is reported that is not one: what a probe saw at different moments need never have been
 *   true at once, so a second round follows the same waits and holds, by their ids. What was there
 *   before and after is there in between;
 * - a thread that blocks answers no probe: where a chain comes to one, the shared memory says how it
 *   goes on. Cycles of such threads alone are found by these (`blocked-thread.ts`);
 * - the victim is the same whoever finds the cycle; its own agent confirms it, and ends the wait.
 *
 * Whatever passes is bounded: a chain by `longestChain`, a round by one visit for each wait, and
 * looking by a small share of the thread's time.
 */

import type { WaitOptions } from '../arguments'
import { DeadlockError } from '../errors'
import type { LockMode } from '../events'
import { noBus } from '../ports/bus'
import { clientIdOf } from '../ports/client-id'
import type { BlockedWatch } from '../ports/port'
import { remember } from '../remember'
import type { Space } from '../space'
import type { TaskHold } from '../task-hold'
import { BlockedThread } from './blocked-thread'
import {
  type FarObstacle,
  farObstacles,
  inTheWay,
  obstaclesHere,
  type Place,
  waitsOf,
} from './edges'
import {
  type Chase,
  cycleKey,
  type Link,
  longestChain,
  type Probe,
  partiesOf,
  readMessage,
  type Suspicion,
  youngestFirst,
} from './protocol'
import { readTable } from './table-waits'
import { describeCycle, threadLink } from './words'

export interface DetectorSettings {
  readonly after: number
  readonly onDeadlock: 'reject' | 'report' | ((error: DeadlockError) => void)
}

/** How many rounds and reported cycles are remembered. */
const remembered = 1000

/** Waits are looked through no more often than this, in ms. */
const shortestPause = 10

/** How many rounds are begun at once. */
const mostRounds = 20

/** Looking rests so many times as long as it took: a crowd of waits takes no thread for itself. */
const restFor = 10

export class Detector {
  /** Whether the waits will be looked through. */
  #armed = false
  #listening = false
  #rounds = 0
  /** Waits that may be for what their tasks hold, who have said so. */
  readonly #nested = new WeakSet<TaskHold>()
  /** When a wait's last round began. */
  readonly #begun = new WeakMap<TaskHold, number>()
  /** The waits that each round has come by. */
  readonly #visited = new Map<string, Set<string>>()
  readonly #reported = new Map<string, true>()
  #self: Promise<string> | undefined

  readonly watch: BlockedWatch

  constructor(
    readonly space: Space,
    public settings: DetectorSettings,
  ) {
    this.watch = new BlockedThread(space, () => this.settings).watch
  }

  /** Somebody has begun to wait. */
  waits(wait: TaskHold, options: WaitOptions | undefined): void {
    if (options?.reentrant === 'wait') this.#nested.add(wait)
    if (this.#armed) return
    this.#armed = true
    this.#listen()
    this.space.clock.after(this.settings.after, () => this.#look())
  }

  /** Only who waits can be part of a cycle: nobody else need hear of any. */
  #listen(): void {
    if (this.#listening) return
    this.#listening = true
    this.space.ports.strict.bus.listen((data) => {
      const message = readMessage(data)
      if (message?.type === 'deadlock probe') this.#goOn(message)
      else if (message !== undefined) this.#confirm(message.cycle)
    })
  }

  /** Begins rounds for the waits that have lasted too long, those that are longest overdue first. */
  #look(): void {
    const { space, settings } = this
    const { after } = settings
    const start = space.clock.now()
    const now = space.clock.coarse()
    const waits = waitsOf(space)
      .map((wait) => ({ wait, left: this.#left(wait, now) }))
      .sort((a, b) => a.left - b.left)
    const due = waits.filter(({ left }) => left <= 0).slice(0, mostRounds)
    for (const { wait } of due) {
      this.#begun.set(wait, now)
      this.#begin(wait)
    }
    this.#armed = waits.length > 0
    if (!this.#armed) return
    const next = waits[due.length]?.left ?? after
    const rest = restFor * (space.clock.now() - start)
    const least = Math.max(Math.min(after, shortestPause), rest)
    space.clock.after(Math.max(next, least), () => this.#look())
  }

  /** How long until a wait is due, in ms. */
  #left(wait: TaskHold, now: number): number {
    const { after } = this.settings
    const since = this.#begun.get(wait) ?? wait.more.waitsSince ?? now
    // The wall clock may have been set back.
    return Math.min(since + after - now, after)
  }

  /** In every cycle somebody waits for a hold, whose task waits: its round finds it. */
  #begin(wait: TaskHold): void {
    if (wait.isWaiting && wait.task.holds.size > 0) {
      this.#follow(wait, { id: this.#newRound(wait.id), links: [this.#link(wait)] })
    }
  }

  #newRound(wait: string): string {
    return `${wait}/${++this.#rounds}`
  }

  /** From the chain's last wait to all that it waits for. */
  #follow(wait: TaskHold, chase: Chase): void {
    const { near, place } = inTheWay(this.space, wait)
    for (const obstacle of near) this.#meet(obstacle, chase)
    if (place === undefined || this.space.ports.strict.bus === noBus) return
    // A mechanism that fails to list its locks now may do so in the next round.
    this.#send(wait, place, chase).catch(() => {})
  }

  async #send(wait: TaskHold, seen: Place, chase: Chase): Promise<void> {
    const { strict } = this.space.ports
    const [self, { held, pending }] = await Promise.all([this.#client(), strict.query()])
    const { place } = wait.isWaiting ? inTheWay(this.space, wait) : {}
    // It moved on while the list was taken.
    if (place?.index !== seen.index) return
    // In a new life an agent may go by another id.
    const known = pending.some(({ name, clientId }) => name === place.queue && clientId === self)
    if (place.count > 0 && !known) this.#self = undefined
    this.#spread(place, farObstacles(place, self, held, pending), self, chase)
  }

  /** On to those who stand in the way of the chain's last wait. */
  #spread(
    { queue, mode }: Pick<Place, 'queue' | 'mode'>,
    obstacles: readonly FarObstacle[],
    self: string,
    chase: Chase,
  ): void {
    const others = obstacles.filter((each) => {
      if (each.client === self) this.#meetAll(queue, mode, each, chase)
      return each.client !== self && !this.#passThread(queue, each, self, chase)
    })
    if (others.length === 0) return
    const probe: Probe = {
      latchkey: 1,
      type: 'deadlock probe',
      chase,
      queue,
      mode,
      obstacles: others,
    }
    this.space.ports.strict.bus.post(probe)
  }

  /**
   * Over an agent whose thread is blocked: it answers nobody, but the shared memory says what it
   * waits for.
   * @returns whether it is one
   */
  #passThread(queue: string, obstacle: FarObstacle, self: string, chase: Chase): boolean {
    const { strict } = this.space.ports
    const waits = readTable(strict, (table) =>
      table.behind(queue, obstacle).map((at) => table.explain(at)),
    )
    for (const [index, wait] of (waits ?? []).entries()) {
      const hold = obstacle.holds && index === 0 ? queue : undefined
      if (!this.#goesOn(wait.id, hold, chase)) continue
      const link = threadLink(wait, hold, this.space.clock.coarse())
      this.#spread(wait, wait.obstacles, self, { ...chase, links: [...chase.links, link] })
    }
    return waits !== undefined && waits.length > 0
  }

  #client(): Promise<string> {
    this.#self ??= clientIdOf(this.space.ports.strict)
    // What fails now may be told the next time.
    this.#self.catch(() => {
      this.#self = undefined
    })
    return this.#self
  }

  /** Another agent's chain leads here, if this agent stands in its way. */
  async #goOn({ chase, queue, mode, obstacles }: Probe): Promise<void> {
    const self = await this.#client().catch(() => undefined)
    for (const obstacle of obstacles) {
      if (obstacle.client !== self) continue
      this.#meetAll(queue, mode, obstacle, chase)
    }
  }

  #meetAll(queue: string, mode: LockMode, obstacle: FarObstacle, chase: Chase): void {
    for (const each of obstaclesHere(this.space, queue, mode, obstacle)) this.#meet(each, chase)
  }

  /** What stands in the way of the chain's last wait is here: it is a wait, or its task waits. */
  #meet(obstacle: TaskHold, chase: Chase): void {
    if (obstacle.isWaiting) this.#lengthen(obstacle, undefined, chase)
    if (!obstacle.isHeld) return
    for (const wait of waitsOf(this.space)) {
      if (this.#holdsUp(obstacle, wait)) this.#lengthen(wait, obstacle.id, chase)
    }
  }

  /**
   * Whether a hold is not released before its task has waited. Two who ask for one lock at a time
   * work side by side, though they share a task: else the second one had to say that it may wait.
   */
  #holdsUp(hold: TaskHold, wait: TaskHold): boolean {
    return wait.task === hold.task && (wait.name !== hold.name || this.#nested.has(wait))
  }

  #lengthen(wait: TaskHold, hold: string | undefined, chase: Chase): void {
    const { links, along } = chase
    const [first] = links
    if (!this.#goesOn(wait.id, hold, chase)) return
    if (wait.id === first?.wait) {
      this.#close([{ ...first, hold }, ...links.slice(1)], along !== undefined)
    } else {
      this.#follow(wait, { ...chase, links: [...links, this.#link(wait, hold)] })
    }
  }

  /** Whether a chain goes on to this wait: for the first time, or as the first round did. */
  #goesOn(wait: string, hold: string | undefined, { id, links, along }: Chase): boolean {
    const closes = wait === links[0]?.wait
    if (!closes && links.length >= longestChain) return false
    if (along === undefined) return closes || this.#visit(id, wait)
    const expected = along[closes ? 0 : links.length]
    if (expected?.wait !== wait || expected.hold !== hold) return false
    return !closes || along.length === links.length
  }

  /** @returns whether it is the first time in this round */
  #visit(round: string, wait: string): boolean {
    const visited = this.#visited.get(round) ?? new Set()
    if (visited.has(wait)) return false
    visited.add(wait)
    remember(this.#visited, round, visited, remembered)
    return true
  }

  /** The chain has come back to its first wait, which is here. */
  #close(cycle: readonly Link[], confirmed: boolean): void {
    const { agent, ports } = this.space
    const ordered = youngestFirst(cycle)
    if (ordered === undefined) return
    if (confirmed) this.#conclude(cycle)
    else if (ordered[0]?.agent === agent) this.#confirm(ordered)
    else {
      const found: Suspicion = { latchkey: 1, type: 'deadlock suspected', cycle: ordered }
      ports.strict.bus.post(found)
    }
  }

  /** The second round, if the victim is here: begun by its agent, it ends where it counts. */
  #confirm(cycle: readonly Link[]): void {
    const [first] = cycle
    if (first === undefined || this.#reported.has(cycleKey(cycle))) return
    const wait = this.#waitOf(first)
    const chase = { id: this.#newRound(first.wait), links: [first], along: cycle }
    if (wait !== undefined) this.#follow(wait, chase)
  }

  /** The victim is here, and stands first. */
  #conclude(cycle: readonly Link[]): void {
    const victim = this.#waitOf(cycle[0] as Link)
    const key = cycleKey(cycle)
    if (victim === undefined || this.#reported.has(key)) return
    remember(this.#reported, key, true, remembered)
    const parties = partiesOf(cycle, this.space.clock.coarse())
    const error = new DeadlockError(describeCycle(parties, this.space.agent), parties)
    const { onDeadlock } = this.settings
    if (onDeadlock === 'reject') {
      victim.more.details = { cycle: parties }
      victim.cancel('deadlock', () => Promise.reject(error))
      return
    }
    const details = { cycle: parties, goesOn: true }
    this.space.recorder?.hears('deadlock', victim, details)
    this.space.emitRare?.('deadlock', victim, details)
    // As an event's listener: one that throws must not stop the others.
    if (onDeadlock !== 'report') queueMicrotask(() => onDeadlock(error))
  }

  #waitOf({ wait }: Link): TaskHold | undefined {
    return waitsOf(this.space).find(({ id }) => id === wait)
  }

  #link(wait: TaskHold, hold?: string): Link {
    const { id, name, mode, site, task, more, space } = wait
    const since = more.waitsSince ?? space.clock.coarse()
    return {
      agent: space.agent,
      task: task.id,
      name: task.name,
      // An anonymous task is made when somebody wants to know: it has been there for its wait.
      born: Math.min(task.since, since),
      wait: id,
      lock: name,
      mode,
      since,
      ...(site === undefined ? {} : { site }),
      hold,
    }
  }
}
