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
 * - a task that spans several lock spaces leads from one to the other: a hold's task may wait in any of
 *   them, and there a chain goes on over the bus of the space in which the wait is;
 * - the victim is the same whoever finds the cycle; its own agent confirms it, and ends the wait.
 *
 * Whatever passes is bounded: a chain by `longestChain`, a round by one visit for each wait, and
 * looking by a small share of the thread's time.
 */

import type { WaitOptions } from '../arguments'
import { DeadlockError } from '../errors'
import type { LockMode } from '../events'
import { facesOf } from '../faces'
import { noBus } from '../ports/bus'
import { clientIdOf } from '../ports/client-id'
import type { BlockedWatch } from '../ports/port'
import { remember } from '../remember'
import type { Space, TaskRecord } from '../space'
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
import { linkOf, threadLink } from './links'
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
import { Rounds } from './rounds'
import { ambientElsewhere, detectorOf, detectorsAround } from './spanning'
import { readTable } from './table-waits'
import { describeCycle } from './words'

export interface DetectorSettings {
  readonly after: number
  readonly onDeadlock: 'reject' | 'report' | ((error: DeadlockError) => void)
}

/** How many reported cycles are remembered. */
const mostReported = 1000

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
  /** Waits that may be for what their tasks hold, who have said so. */
  readonly #nested = new WeakSet<TaskHold>()
  /** When a wait's last round began. */
  readonly #begun = new WeakMap<TaskHold, number>()
  readonly #rounds = new Rounds()
  readonly #reported = new Map<string, true>()
  #self: Promise<string> | undefined

  readonly watch: BlockedWatch

  constructor(
    readonly space: Space,
    public settings: DetectorSettings,
  ) {
    this.watch = new BlockedThread(space, () => this.settings).watch
  }

  get ambientElsewhere(): TaskRecord | undefined {
    return ambientElsewhere(this.space)
  }

  /** Somebody has begun to wait. */
  waits(wait: TaskHold, options: WaitOptions | undefined): void {
    if (options?.reentrant === 'wait') this.#nested.add(wait)
    if (this.#armed) return
    this.#armed = true
    this.listen()
    this.space.clock.after(this.settings.after, () => this.#look())
  }

  /** Only who waits can be part of a cycle: nobody else need hear of any, or of what such a one holds. */
  listen(): void {
    if (this.#listening) return
    this.#listening = true
    this.space.ports.strict.bus.listen((data) => {
      const message = readMessage(data)
      if (message?.type === 'deadlock probe') this.#goOn(message)
      else if (message !== undefined) this.#tellVictim(message.cycle)
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
    if (!wait.isWaiting) return
    const holding = [...facesOf(wait.task)].filter(({ holds }) => holds.size > 0)
    // Chains come to a hold over the bus of its own space. Of those in a cycle, the last one to begin
    // finds all the others listening.
    for (const { space } of holding) detectorOf(space)?.listen()
    if (holding.length === 0) return
    this.#follow(wait, { id: this.#rounds.begin(wait.id), links: [linkOf(wait)] })
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
    for (const { space } of facesOf(obstacle.task)) detectorOf(space)?.passHold(obstacle, chase)
  }

  /** A chain has come to a hold, maybe of another lock space: it goes on where its task waits here. */
  passHold(hold: TaskHold, chase: Chase): void {
    for (const wait of waitsOf(this.space)) {
      if (this.#holdsUp(hold, wait)) this.#lengthen(wait, hold.id, chase)
    }
  }

  /**
   * Whether a hold is not released before its task has waited. Two who ask for one lock at a time
   * work side by side, though they share a task: else the second one had to say that it may wait.
   */
  #holdsUp(hold: TaskHold, wait: TaskHold): boolean {
    if (wait.task.id !== hold.task.id) return false
    const same = wait.space === hold.space && wait.name === hold.name
    return !same || this.#nested.has(wait)
  }

  #lengthen(wait: TaskHold, hold: string | undefined, chase: Chase): void {
    const { links, along } = chase
    const [first] = links
    if (!this.#goesOn(wait.id, hold, chase)) return
    if (wait.id === first?.wait) {
      this.#close([{ ...first, hold }, ...links.slice(1)], along !== undefined)
    } else {
      this.#follow(wait, { ...chase, links: [...links, linkOf(wait, hold)] })
    }
  }

  /** Whether a chain goes on to this wait: for the first time, or as the first round did. */
  #goesOn(wait: string, hold: string | undefined, { id, links, along }: Chase): boolean {
    const closes = wait === links[0]?.wait
    if (!closes && links.length >= longestChain) return false
    if (along === undefined) return closes || this.#rounds.visit(id, wait)
    const expected = along[closes ? 0 : links.length]
    if (expected?.wait !== wait || expected.hold !== hold) return false
    return !closes || along.length === links.length
  }

  /** The chain has come back to its first wait, which is here. */
  #close(cycle: readonly Link[], confirmed: boolean): void {
    const ordered = youngestFirst(cycle)
    if (ordered === undefined) return
    if (confirmed) this.#conclude(cycle)
    else if (!this.#tellVictim(ordered)) {
      const found: Suspicion = { latchkey: 1, type: 'deadlock suspected', cycle: ordered }
      // An agent that none of them reaches finds the cycle by its own rounds.
      for (const { space } of detectorsAround(this)) space.ports.strict.bus.post(found)
    }
  }

  /** @returns whether the victim is in this realm, in whatever lock space it waits */
  #tellVictim(cycle: readonly Link[]): boolean {
    for (const detector of detectorsAround(this)) {
      if (detector.space.agent !== cycle[0]?.agent) continue
      detector.confirm(cycle)
      return true
    }
    return false
  }

  /** The second round, if the victim is here: begun by its agent, it ends where it counts. */
  confirm(cycle: readonly Link[]): void {
    const [first] = cycle
    if (first === undefined || this.#reported.has(cycleKey(cycle))) return
    const wait = this.#waitOf(first)
    const chase = { id: this.#rounds.begin(first.wait), links: [first], along: cycle }
    if (wait !== undefined) this.#follow(wait, chase)
  }

  /** The victim is here, and stands first. */
  #conclude(cycle: readonly Link[]): void {
    const victim = this.#waitOf(cycle[0] as Link)
    const key = cycleKey(cycle)
    if (victim === undefined || this.#reported.has(key)) return
    remember(this.#reported, key, true, mostReported)
    const parties = partiesOf(cycle, this.space.clock.coarse())
    const own = new Set(detectorsAround(this).map(({ space }) => space.agent))
    const error = new DeadlockError(describeCycle(parties, own), parties)
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
}
