/**
 * The permits of one semaphore in one agent: which it has, who has them, who waits for some, and
 * what it does to get more.
 *
 * What it promises:
 * - never more permits are out than there are, as far as the mechanism reaches: each is a lock;
 * - first come, first served inside the agent, also for one who wants many: nobody overtakes it;
 * - between agents, permits are taken in the order of turns (`turn.ts`). A permit that is released
 *   is passed on inside the agent while its budget lasts, counted from its coming or from the
 *   agent's last turn: so others wait at most for that, and for the sections begun by then. In strict
 *   order nothing is passed on, and each acquisition has a turn of its own;
 * - once the budget is spent the agent asks whether it may go on: it may if nobody queues at the gate;
 * - a permit that nobody of the agent waits for goes back, or is kept to the next turn of the event
 *   loop where the next acquisition is expected at once, as by a cohort.
 *
 * Everything is decided by `settle`, one step at a time from what is true then. Callbacks come last in
 * a step: whoever is called may acquire and release here.
 */

import type { Answer, LossReason, PortRequest } from '../ports/port'
import { ReturnForecast } from '../ports/return-forecast'
import { slotName } from './names'
import type { SemaphorePort } from './semaphore-port'
import { type PermitRequest, Slot } from './slot'
import { Turn } from './turn'

export class Pool {
  /** First come, first served. */
  readonly waiters = new Set<PermitRequest>()
  /** What the agent has or has asked for. */
  readonly #slots = new Map<number, Slot>()
  /** What it has and nobody uses. */
  #idle: Slot[] = []
  /** How many it has. */
  #here = 0
  /** Asked for or begun; where each acquisition has its own, the one that has begun. */
  #turn: Turn | undefined
  /** Whether the last turn ended with slots that were not to be had. */
  crowded = false
  /** Who is just asking, and hears by the answer. */
  readonly #asking: PermitRequest[] = []
  readonly #forecast: ReturnForecast
  #lastGrant = 0
  /** Nobody has come since permits were released with nobody waiting, in this turn of the event loop. */
  #vacant = false
  /** Whether the port will call `turned`. */
  #watched = false
  /** The slot that is tried first. */
  #favourite: number

  constructor(
    readonly port: SemaphorePort,
    readonly name: string,
    readonly permits: number,
  ) {
    this.#forecast = new ReturnForecast(name, port.experience)
    this.#favourite = (port.favourites.get(name) ?? port.start) % permits
  }

  get turn(): Turn | undefined {
    return this.#turn
  }

  acquire(request: PermitRequest): Answer {
    const { permits, ifAvailable } = request
    const { strict } = this.port
    if (this.#vacant) this.#return()
    const first = this.waiters.size === 0
    const now = this.port.clock.coarse()
    if (first && !strict && this.#serves(permits, now)) {
      this.#lend(request, now)
      return 'granted'
    }
    const lent = this.#here - this.#idle.length
    if (ifAvailable && !(first && permits <= this.permits - lent)) return 'refused'
    this.waiters.add(request)
    request.slot = this
    if (!first && !strict) return 'waiting'
    this.#asking.push(request)
    if (strict) {
      const turn = new Turn(this, ifAvailable, request)
      request.slot = turn
      this.#askFor(turn)
    }
    this.settle()
    this.#asking.splice(this.#asking.indexOf(request), 1)
    if (this.waiters.has(request)) return 'waiting'
    return request.slot === undefined ? 'refused' : 'granted'
  }

  release(request: PermitRequest): void {
    const loan = request.slot
    if (!Array.isArray(loan)) return
    request.slot = undefined
    this.#lastGrant = request.grantedAt
    for (const slot of loan as Slot[]) {
      slot.user = undefined
      this.#idle.push(slot)
    }
    this.settle()
  }

  cancel(request: PermitRequest): void {
    if (!this.waiters.delete(request)) return
    this.#forgo(request)
    this.settle()
  }

  /** Holders in the order of their grants, then waiters. */
  *live(): Generator<PortRequest> {
    const users = [...this.#slots.values()].flatMap(({ user }) => user ?? [])
    yield* new Set(users.sort((a, b) => a.grantedAt - b.grantedAt))
    yield* this.waiters
  }

  /** Does whatever is to be done now. */
  settle(): void {
    while (this.#step());
  }

  /** The event loop went on to its next turn: whoever has not returned by now was not expected. */
  turned(): void {
    this.#watched = false
    if (this.#vacant) {
      this.#vacant = false
      const after = this.port.clock.coarse() - this.#lastGrant
      this.#forecast.note(false, after, this.#idle.length > 0)
    }
    // Who waits has a use for what is here, or is asking whether it has.
    if (this.waiters.size > 0) return
    this.#giveBack()
    this.#tidy()
  }

  /** The page falls asleep: it must stand in nobody's way but by what its user holds. */
  fallAsleep(): void {
    if (this.#turn?.mine) {
      this.turnLost(this.#turn)
    } else {
      this.#giveBack()
      this.settle()
    }
  }

  /** Whether it has all permits, or has asked for the others. */
  get complete(): boolean {
    return this.#slots.size === this.permits
  }

  /** What it neither has nor has asked for, that which it had last before others. */
  missing(): number[] {
    const missing: number[] = []
    for (let count = 0; count < this.permits; count++) {
      const index = (this.#favourite + count) % this.permits
      if (!this.#slots.has(index)) missing.push(index)
    }
    return missing
  }

  /** Those of the missing that no agent has. */
  async free(): Promise<number[]> {
    const { held } = await this.port.far.query()
    const taken = new Set(held.map(({ name }) => name))
    return this.missing().filter((index) => !taken.has(slotName(this.name, index)))
  }

  /** Asks the mechanism for a slot. @param turn whose try it is; without one, waits for it */
  ask(index: number, turn?: Turn): void {
    const slot = new Slot(this, index, turn !== undefined)
    this.#slots.set(index, slot)
    if (turn !== undefined) turn.tries++
    const answer = this.port.far.acquire(slot)
    if (answer === 'granted') this.arrived(slot)
    else if (answer === 'refused') this.missed(slot)
  }

  arrived(slot: Slot): void {
    if (slot.ifAvailable && this.#turn !== undefined) this.#turn.tries--
    slot.held = true
    slot.fresh = true
    slot.since = slot.grantedAt
    this.#here++
    this.#idle.push(slot)
  }

  missed(slot: Slot): void {
    this.#slots.delete(slot.index)
    this.crowded = true
    if (this.#turn !== undefined) this.#turn.tries--
  }

  begin(turn: Turn): void {
    turn.mine = true
    this.#turn = turn
    // Whoever queued before has been served: what is here may be passed on anew.
    const now = this.port.clock.coarse()
    for (const slot of this.#slots.values()) slot.since = now
  }

  /** The gate was not to be had at once. */
  passedOver(turn: Turn): void {
    if (this.#turn === turn) this.#turn = undefined
    const [head] = this.waiters
    const refused = turn.request ?? (head?.ifAvailable ? head : undefined)
    if (!this.port.strict) this.#giveBack()
    if (refused !== undefined) this.refuse(refused)
  }

  refuse(request: PermitRequest): void {
    if (!this.waiters.delete(request)) return
    this.#forgo(request)
    if (!this.#asking.includes(request)) request.refused()
  }

  slotFailed(slot: Slot, error: unknown): void {
    this.#slots.delete(slot.index)
    if (slot.ifAvailable && this.#turn !== undefined) this.#turn.tries--
    this.#fail(this.#head, error)
  }

  turnFailed(turn: Turn, error: unknown): void {
    if (this.#turn === turn) this.#turn = undefined
    this.#fail(turn.request ?? this.#head, error)
  }

  /** The robbed hears of it before anybody else is let in. Its other permits are free again. */
  slotLost(slot: Slot, reason: LossReason): void {
    const { user } = slot
    if (!slot.held) return
    this.#slots.delete(slot.index)
    this.#here--
    slot.held = false
    slot.user = undefined
    if (user === undefined) this.#idle = this.#idle.filter((each) => each !== slot)
    else {
      const loan = user.slot as Slot[]
      user.slot = undefined
      for (const other of loan) {
        if (other === slot) continue
        other.user = undefined
        this.#idle.push(other)
      }
      user.lost(reason)
    }
    this.settle()
  }

  /** Somebody else may have a turn now: whoever waits queues again. */
  turnLost(turn: Turn): void {
    if (this.#turn !== turn) return
    this.#giveBack()
    this.#end(turn)
    const { request } = turn
    if (request !== undefined) {
      const again = new Turn(this, request.ifAvailable, request)
      request.slot = again
      this.#askFor(again)
    }
    this.settle()
  }

  get #head(): PermitRequest | undefined {
    for (const request of this.waiters) return request
    return undefined
  }

  /** One thing that is to be done. @returns whether there may be more */
  #step(): boolean {
    const head = this.#head
    if (head === undefined) return this.#rest()
    const now = this.port.clock.coarse()
    if (!this.#serves(head.permits, now)) return this.#pursue(head)
    this.waiters.delete(head)
    this.#lend(head, now)
    if (!this.#asking.includes(head)) head.granted()
    return true
  }

  /** Nobody waits. */
  #rest(): false {
    const { strict } = this.port
    if (this.#idle.length > 0) {
      if (strict || !this.#forecast.expectsReturn) this.#giveBack()
      if (!strict) this.#vacate()
    }
    if (this.#turn !== undefined) this.#end(this.#turn)
    this.#tidy()
    return false
  }

  /** Somebody waits, and cannot be served with what is here. */
  #pursue(head: PermitRequest): boolean {
    const { strict } = this.port
    const turn = this.#turn
    if (turn?.mine) {
      const over = turn.used && turn.tries === 0
      // In strict order even one's own permits are had in turns.
      const nothingLeft = !strict && this.#idle.length === 0 && this.#here === this.permits
      if (!over && !nothingLeft) return turn.collect(head, this.#wanted(head))
      this.#giveBack()
      this.#end(turn)
      return true
    }
    if (this.#idle.length > 0) {
      // While it is asked whether they may be passed on they are kept.
      if (turn?.ifAvailable) return false
      if (!strict && turn === undefined) return this.#askFor(new Turn(this, true))
      this.#giveBack()
    }
    if (strict || turn !== undefined || this.#here === this.permits) return false
    return this.#askFor(new Turn(this, head.ifAvailable))
  }

  /** How many more slots are of use in this turn. */
  #wanted(head: PermitRequest): number {
    let wanted = -this.#idle.length
    if (this.port.strict) return wanted + head.permits
    for (const { permits } of this.waiters) {
      wanted += permits
      if (wanted >= this.permits) break
    }
    return wanted
  }

  /** @returns whether the answer is known */
  #askFor(turn: Turn): boolean {
    if (!this.port.strict) this.#turn = turn
    const answer = this.port.far.acquire(turn)
    if (answer === 'granted') this.begin(turn)
    else if (answer === 'refused') this.passedOver(turn)
    return answer !== 'waiting'
  }

  /** Gives up the turn of one who does not wait any more, if it has one of its own. */
  #forgo(request: PermitRequest): void {
    const turn = request.slot
    request.slot = undefined
    if (!(turn instanceof Turn)) return
    if (turn === this.#turn) this.#giveBack()
    this.#end(turn)
  }

  #end(turn: Turn): void {
    const asked: Slot[] = []
    if (turn === this.#turn) {
      this.#turn = undefined
      for (const slot of this.#slots.values()) if (!slot.held) asked.push(slot)
      for (const { index } of asked) this.#slots.delete(index)
      if (turn.queues) this.crowded = asked.length > 0
    }
    const { far } = this.port
    for (const slot of asked) far.cancel(slot)
    if (turn.mine) far.release(turn)
    else far.cancel(turn)
  }

  #fail(request: PermitRequest | undefined, error: unknown): void {
    if (request !== undefined && this.waiters.delete(request)) {
      if (this.#turn?.mine) this.#end(this.#turn)
      this.#forgo(request)
      request.failed(error)
    }
    this.settle()
  }

  /** Whether so many can be had from what is here. */
  #serves(permits: number, now: number): boolean {
    const idle = this.#idle
    if (idle.length < permits) return false
    if (this.#collects) return true
    if (this.port.strict) return false
    let usable = 0
    for (const slot of idle) if (!this.#isSpent(slot, now)) usable++
    return usable >= permits
  }

  /** Whether the agent has its turn, and has not used it. */
  get #collects(): boolean {
    const turn = this.#turn
    return turn?.mine === true && !turn.used
  }

  /** Less than no time: the wall clock was set back, and nobody knows what is left. */
  #isSpent({ since }: Slot, now: number): boolean {
    return !(now >= since && now - since < this.port.budget)
  }

  #lend(request: PermitRequest, now: number): void {
    const idle = this.#idle
    const collects = this.#collects
    const loan: Slot[] = []
    for (let at = idle.length - 1; loan.length < request.permits; at--) {
      const slot = idle[at] as Slot
      const spent = this.#isSpent(slot, now)
      if (spent && !collects) continue
      if (at === idle.length - 1) idle.pop()
      else idle.splice(at, 1)
      if (collects && (spent || slot.fresh || this.port.strict)) {
        ;(this.#turn as Turn).used = true
        slot.since = now
      }
      if (slot.abandoned) request.abandoned = true
      slot.abandoned = false
      slot.fresh = false
      slot.user = request
      loan.push(slot)
    }
    request.slot = loan
    request.grantedAt = now
  }

  #giveBack(): void {
    const given = this.#idle
    if (given.length === 0) return
    this.#idle = []
    this.#here -= given.length
    for (const slot of given) {
      this.#slots.delete(slot.index)
      slot.held = false
      this.#favourite = slot.index
    }
    for (const slot of given) this.port.far.release(slot)
  }

  /** Somebody has come in the same turn of the event loop. */
  #return(): void {
    this.#vacant = false
    const after = this.port.clock.coarse() - this.#lastGrant
    this.#forecast.note(true, after, this.#idle.length > 0)
  }

  #vacate(): void {
    this.#vacant = true
    if (this.#watched) return
    this.#watched = true
    this.port.watch(this)
  }

  /** Forgets the name once nobody is left and the forecast has its answer. */
  #tidy(): void {
    if (this.#slots.size > 0 || this.waiters.size > 0 || this.#watched) return
    this.#forecast.keep(this.name, this.port.experience)
    this.port.forget(this, this.#favourite)
  }
}
