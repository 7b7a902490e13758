/**
 * Watches over the holds and waits of all agents, while somebody here listens.
 *
 * Agents tell what they have, and answer every question; who does not answer is silent. Now and then
 * the mechanism is asked for its list: for those who use it without this library, of whom nothing else
 * tells, and for the death of the silent, whom it does not list any more.
 */

import { checkFunction, checkNumber, checkOptions } from '../arguments'
import { noBus } from '../ports/bus'
import type { Space } from '../space'
import { compose, type Known, strangers } from './compose'
import { Pace, unref } from './pace'
import {
  leastEvery,
  mostEvery,
  readTold,
  renewal,
  type Told,
  type Unwatch,
  type Watch,
} from './protocol'
import type { Listed } from './raw-use'
import { type Found, Sightings } from './sightings'
import { tellerOf } from './teller'
import type { LocksView, WatchOptions } from './view'

export type WatchListener = (view: LocksView) => void

/** How often the mechanism is asked for its list, in ms. */
const listing = 250

/** So many questions in a row unanswered: silent. */
const patience = 3

/** So many agents are known at once. */
const mostAgents = 1000

interface Listener {
  readonly every: number
  readonly pace: Pace
}

/** An agent that has told something, and how many questions it has not answered. */
type Other = { told: Told; missed: number }

/** An entry of the list that nobody has spoken for. */
type Stranger = Listed & Found
type Unseen = Listed & Omit<Found, 'since'>

export class Watcher {
  readonly #listeners = new Set<Listener>()
  readonly #others = new Map<string, Other>()
  #own: Told | undefined
  #listed: readonly Listed[] = []
  #strangers: readonly Stranger[] = []
  readonly #strangersSeen = new Sightings()
  readonly #rawSeen = new Sightings()
  /** Somebody's news were missed. */
  #fresh = true
  #asked = Number.NEGATIVE_INFINITY
  #stops: (() => void)[] = []
  #stopTimer: (() => void) | undefined
  #view: LocksView | undefined

  constructor(readonly space: Space) {}

  add(callback: WatchListener, every: number): () => void {
    const { clock } = this.space
    const act = () => this.#call(callback)
    const listener = { every, pace: new Pace(clock, () => every, act) }
    const isFirst = this.#listeners.size === 0
    // Where nothing can be watched, nobody is left waiting for news.
    if (isFirst) this.space.ports
    this.#listeners.add(listener)
    if (isFirst) this.#start()
    listener.pace.soon()
    return () => {
      // Stopped before: those who listen now may be others.
      if (!this.#listeners.delete(listener)) return
      listener.pace.stop()
      if (this.#listeners.size === 0) this.#stop()
    }
  }

  get #every(): number {
    return Math.min(mostEvery, ...[...this.#listeners].map(({ every }) => every))
  }

  #call(callback: WatchListener): void {
    // The first call may come before anything was told.
    this.#view ??= this.#compose()
    try {
      callback(this.#view)
    } catch (error) {
      // As an event's listener.
      queueMicrotask(() => {
        throw error
      })
    }
  }

  #changed(): void {
    this.#view = undefined
    for (const { pace } of this.#listeners) pace.soon()
  }

  #start(): void {
    const { bus } = this.space.ports.strict
    const every = () => this.#every
    const hear = (told: Told) => {
      this.#own = told
      this.#changed()
    }
    this.#stops = [tellerOf(this.space).listen({ every, hear })]
    if (bus === noBus) return
    this.#stops.push(bus.listen((message) => this.#hear(message)))
    this.#ask()
    this.#list()
  }

  #stop(): void {
    const { agent, ports } = this.space
    for (const stop of this.#stops) stop()
    this.#stopTimer?.()
    ports.strict.bus.post({ latchkey: 1, type: 'unwatch', watcher: agent } satisfies Unwatch)
    if (this.space.watcher === this) this.space.watcher = undefined
  }

  #hear(message: unknown): void {
    const told = readTold(message)
    if (told === undefined || told.agent === this.space.agent) return
    const known = this.#others.get(told.agent)
    if (known === undefined && this.#others.size >= mostAgents) return
    if (known !== undefined) {
      if (isSilent(known)) this.#changed()
      known.missed = 0
    }
    if (told.type === 'here') this.#fresh ||= known?.told.revision !== told.revision
    else {
      this.#others.set(told.agent, { told, missed: 0 })
      this.#changed()
    }
  }

  /** Asks everybody, which renews the watch. */
  #ask(): void {
    const { agent, clock, ports } = this.space
    for (const other of this.#others.values()) {
      if (++other.missed === patience) this.#changed()
    }
    const asks = { watcher: agent, every: this.#every, fresh: this.#fresh }
    this.#fresh = false
    this.#asked = clock.now()
    ports.strict.bus.post({ latchkey: 1, type: 'watch', ...asks } satisfies Watch)
  }

  async #list(): Promise<void> {
    const { clock } = this.space
    const start = clock.now()
    const list = await tellerOf(this.space)
      .survey()
      .catch(() => undefined)
    if (this.#listeners.size === 0) return
    const now = clock.now()
    const isDue = now - this.#asked >= renewal - listing / 2
    if ((list !== undefined && this.#compare(list)) || isDue || this.#fresh) this.#ask()
    // The larger the list, the rarer.
    const pause = Math.max(listing, 10 * (now - start))
    this.#stopTimer = clock.after(pause, () => this.#list(), unref)
  }

  /** @returns whether somebody should be asked whether he is there */
  #compare(list: readonly Listed[]): boolean {
    const clients = new Set(list.map(({ client }) => client))
    let isDoubtful = false
    for (const [agent, other] of this.#others) {
      const { client, parties } = other.told
      if (clients.has(client)) continue
      if (parties.length > 0) isDoubtful = true
      if (!isSilent(other)) continue
      this.#others.delete(agent)
      this.#changed()
    }
    const found = strangers(this.#known(), list).map((entry): Unseen => {
      return { ...entry, agent: entry.client, own: false, task: entry.task ?? '' }
    })
    const seen = this.#strangersSeen.see(this.space.clock.coarse(), found)
    // What stands in one list only may be an agent's that has just come, and was not asked yet.
    const lasting = seen.filter(({ times }) => times > 1)
    this.#note(list, lasting)
    return isDoubtful || lasting.length < seen.length
  }

  #note(listed: readonly Listed[], found: readonly Stranger[]): void {
    const before = JSON.stringify([this.#listed, this.#strangers])
    this.#listed = listed
    this.#strangers = found.map(({ name, held, mode, client, agent, own, task, since }) => {
      return { name, held, mode, client, agent, own, task, since }
    })
    if (JSON.stringify([this.#listed, this.#strangers]) !== before) this.#changed()
  }

  /** The own one first. */
  #known(): readonly Known[] {
    const own = this.#own === undefined ? [] : [{ told: this.#own, own: true, silent: false }]
    const others = [...this.#others.values()]
      .map((other): Known => ({ told: other.told, own: false, silent: isSilent(other) }))
      .sort((a, b) => (a.told.agent < b.told.agent ? -1 : 1))
    return [...own, ...others]
  }

  #compose(): LocksView {
    const time = this.space.clock.coarse()
    const agents = this.#known()
    const raw = agents.flatMap(({ told, own }) =>
      told.raw.map((entry) => {
        return { ...entry, agent: told.agent, own, task: '', since: undefined }
      }),
    )
    const found = [...this.#rawSeen.see(time, raw), ...strangers(agents, this.#strangers)]
    return compose({ time, agents, listed: this.#listed, found: found.map(bare) })
  }
}

function isSilent({ missed }: Other): boolean {
  return missed >= patience
}

/** No more of it than is shown. */
function bare({ name, held, mode, agent, own, task, since }: Found): Found {
  return { name, held, mode, agent, own, task, since }
}

/**
 * @throws TypeError, RangeError for bad arguments; UnsupportedError where nothing reaches as far
 */
export function watch(
  space: Space,
  listener: WatchListener,
  options: WatchOptions = {},
): () => void {
  checkFunction('listener', listener)
  checkOptions(options)
  const { every = leastEvery } = options
  checkNumber('every', every, leastEvery, mostEvery)
  space.watcher ??= new Watcher(space)
  return space.watcher.add(listener, every)
}
