/**
 * The calls of `once` of one name in one agent: they queue for the lock of the name together, as
 * one, until another agent's flight brings their result or they have the lock and fly themselves.
 *
 * Nobody is given the result of a flight that was over before he called. That is proven by nothing
 * but messages: the one who flies has heard of the caller before the flight was over.
 */

import { Entrance } from './entrance'
import { type Caller, Flight, News } from './once-flight'
import type { Flights } from './once-flights'
import { type Outcome, unpack } from './once-outcome'
import type { OnceMessage } from './once-wire'
import type { TaskRecord } from './space'
import { type TaskHold, taskHold } from './task-hold'

/** What the lock of a name is called: reserved, so refused in other names. */
export const onceSuffix = '!once'

/** How long the agent of a flight that must be over may take to bring its result, in ms. */
const patience = 1000
/** How long those who queue may take to say who they are, and to confirm a result, in ms. */
const courtesy = 100

export class Line {
  readonly task: TaskRecord
  readonly #waiting = new Map<string, Caller>()
  readonly #entrance: Entrance<TaskHold>
  /** May still be joined. */
  #flight: Flight | undefined
  /** May not, but holds the lock until its result has been heard. */
  #landed: Flight | undefined
  #isWorking = false
  /** Withdraws from the queue. */
  #withdraw = new AbortController()
  /** A result has come, or somebody has gone. */
  readonly #news = new News()

  constructor(
    readonly flights: Flights,
    readonly name: string,
  ) {
    const { space } = flights
    this.task = space.newTask(space, `once ${name}`)
    const lock = name + onceSuffix
    this.#entrance = new Entrance(space, this.task, lock, 'strict', 'exclusive', taskHold)
  }

  enter(caller: Caller): void {
    if (this.#flight !== undefined) {
      this.#flight.own.add(caller)
      return
    }
    this.#waiting.set(caller.id, caller)
    this.#join()
    if (!this.#isWorking) this.#work()
  }

  /** The work goes on: others may wait for it, or join. */
  leave(caller: Caller): void {
    this.#flight?.own.delete(caller)
    this.#waiting.delete(caller.id)
    this.#thin()
  }

  /** Whether nobody else queues by the place in the queue that this one has. */
  isLast(caller: Caller): boolean {
    return this.#waiting.size === 1 && this.#waiting.has(caller.id)
  }

  hear(message: OnceMessage): void {
    switch (message.type) {
      case 'once flying':
        this.#join()
        break
      case 'once join':
        this.#board(message)
        break
      case 'once joined':
        for (const each of this.#among(message.callers)) each.joined = message.flight
        break
      case 'once landed':
        this.#accept(message)
        break
      case 'once heard':
        if (this.#landed?.id !== message.flight) return
        this.#landed.heard.add(message.agent)
        this.#landed.news.tell()
        break
      case 'once forgotten':
        for (const each of this.#waiting.values()) {
          if (each.joined === message.flight) each.joined = undefined
        }
        this.#news.tell()
    }
  }

  #among(ids: readonly string[]): Caller[] {
    return ids.flatMap((id) => this.#waiting.get(id) ?? [])
  }

  /** Says who waits: all of them, for an earlier word may come later. */
  #join(): void {
    const { flights, name } = this
    const callers = [...this.#waiting.keys()]
    const { agent } = flights.space
    if (callers.length > 0) flights.post(name, { type: 'once join', callers, agent })
  }

  #board({ callers, agent }: OnceMessage & { readonly type: 'once join' }): void {
    const flight = this.#flight
    if (flight === undefined) return
    for (const caller of callers) flight.callers.set(caller, agent)
    flight.answered.add(agent)
    this.flights.post(this.name, { type: 'once joined', callers, flight: flight.id })
    flight.news.tell()
  }

  #accept({ callers, flight, outcome }: OnceMessage & { readonly type: 'once landed' }): void {
    // Who has joined another one since does not take what a robbed one brings at last.
    const mine = this.#among(callers).filter(({ joined = flight }) => joined === flight)
    if (mine.length > 0) this.#settle(mine, unpack(this.name, outcome))
  }

  #settle(callers: Iterable<Caller>, outcome: Outcome): void {
    for (const caller of [...callers]) {
      this.#waiting.delete(caller.id)
      caller.settle(outcome)
    }
    this.#thin()
  }

  /** Somebody has gone. */
  #thin(): void {
    if (this.#waiting.size === 0) this.#withdraw.abort()
    this.#news.tell()
  }

  async #work(): Promise<void> {
    this.#isWorking = true
    while (this.#waiting.size > 0) {
      const hold = await this.#turn()
      if (hold === undefined) continue
      try {
        await this.#results()
        const [first] = this.#waiting.values()
        if (first !== undefined && hold.isHeld) await this.#fly(hold, first)
      } catch (error) {
        this.#settle(this.#waiting.values(), { error })
      } finally {
        hold.end()
      }
    }
    this.#isWorking = false
    this.flights.leave(this)
  }

  /** Waits for the lock, unless everybody has what he wants. */
  async #turn(): Promise<TaskHold | undefined> {
    const [first] = this.#waiting.values()
    this.#withdraw = new AbortController()
    const { signal } = this.#withdraw
    try {
      const { space } = this.flights
      return await space.tracedTo(first?.site, () => this.#entrance.acquire({ signal }))
    } catch (error) {
      if (!signal.aborted) this.#settle(this.#waiting.values(), { error })
      return undefined
    }
  }

  /**
   * Of the flights that its callers are on board of: they are over, or the lock would not be here.
   * Their results are on the way, or were lost, or their agents have died.
   */
  async #results(): Promise<void> {
    const { flights, name } = this
    const awaited = () => [...this.#waiting.values()].filter(({ joined }) => joined !== undefined)
    for (const flight of new Set(awaited().map(({ joined }) => joined))) {
      if (flight === undefined) continue
      const aboard = awaited().filter(({ joined }) => joined === flight)
      flights.post(name, { type: 'once asked', flight, callers: aboard.map(({ id }) => id) })
    }
    await this.#news.until(flights.space.clock, () => awaited().length === 0, patience)
    for (const each of awaited()) each.joined = undefined
  }

  /** Runs the function of the one who has waited longest, for all. */
  async #fly(hold: TaskHold, { fn }: Caller): Promise<void> {
    const { flights, name } = this
    const flight = new Flight(flights.space.nextId(), new Set(this.#waiting.values()))
    this.#waiting.clear()
    this.#flight = flight
    let outcome: Outcome | undefined
    try {
      flights.post(name, { type: 'once flying', flight: flight.id })
      outcome = await flight.run(hold, fn)
      if (hold.isHeld) await this.#lastCall(flight)
      this.#flight = undefined
      outcome = outcomeOf(hold, outcome)
      // Who lost the lock is replaced by those who joined it.
      if (hold.more.loss === undefined) flights.land(name, flight, outcome)
    } catch (error) {
      // What cannot be told elsewhere is told here: nobody waits for ever.
      outcome ??= { error }
    }
    this.#flight = undefined
    for (const { settle } of flight.own) settle(outcome)
    if (hold.more.loss === undefined) await this.#applause(flight)
  }

  /**
   * Whoever waits by now is on board, if he says so: who queues, and in whose agent somebody is on
   * board already. Looked at again at the end: others may have come, and answered in their place.
   */
  async #lastCall(flight: Flight): Promise<void> {
    const { flights, name } = this
    const { clock } = flights.space
    const end = clock.now() + courtesy
    flight.answered.clear()
    let isCalled = false
    for (;;) {
      const queued = flights.isShared ? await flights.queued(this.#entrance.name) : 0
      const isFull = () =>
        flight.answered.size >= queued &&
        [...flight.agents].every((agent) => flight.answered.has(agent))
      const left = end - clock.now()
      if (isFull() || left <= 0) return
      if (!isCalled) flights.post(name, { type: 'once flying', flight: flight.id })
      isCalled = true
      await flight.news.until(clock, isFull, left)
    }
  }

  /** Keeps the lock until the result is heard, so that nobody gets the lock before the result. */
  async #applause(flight: Flight): Promise<void> {
    this.#landed = flight
    const isHeard = () => [...flight.agents].every((agent) => flight.heard.has(agent))
    await flight.news.until(this.flights.space.clock, isHeard, courtesy)
    this.#landed = undefined
  }
}

/** What the end of the work comes to: who lost the lock has failed. */
function outcomeOf(hold: TaskHold, end: Outcome): Outcome {
  const { loss } = hold.more
  if (loss === undefined) return end
  // What was thrown may be the loss itself, as `hold.signal.throwIfAborted()` does.
  if ('error' in end && end.error !== loss) loss.cause = end.error
  return { error: loss }
}
