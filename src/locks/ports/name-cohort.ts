/** The cohort of one name: who of this agent is inside, on which far hold, and who is next. */

import type { LockMode } from '../events'
import type { CohortPort } from './cohort'
import { Deputy } from './deputy'
import type { Answer, LossReason, NearQueue, PortLockInfo, PortRequest } from './port'
import { ReturnForecast } from './return-forecast'

/** A request of this agent, as the near port sees it. */
export class Member extends Deputy {
  /**
   * None while he queues near; else the far hold he is inside of, or waits for if that is not
   * granted yet.
   */
  hold: FarHold | undefined = undefined

  constructor(
    outer: PortRequest,
    readonly cohort: NameCohort,
  ) {
    super(outer)
  }

  get name(): string {
    return this.outer.name
  }
  granted(): void {
    if (this.cohort.arrive(this) === 'granted') this.outer.granted()
  }
}

/** A request for the far lock, then a hold of it, which several members may use. */
export class FarHold implements PortRequest {
  slot: unknown = undefined
  /** When the far lock was granted: the budget counts from here. */
  grantedAt = -1
  abandoned = false
  /** Who goes in when it is granted: one writer, any number of readers, or one who only tries. */
  readonly arrivals = new Set<Member>()
  inside = 0

  constructor(
    readonly cohort: NameCohort,
    readonly mode: LockMode,
    readonly ifAvailable: boolean,
  ) {}

  get name(): string {
    return this.cohort.name
  }
  granted(): void {
    this.cohort.opened(this)
  }
  refused(): void {
    this.cohort.ended(this, this.arrivals, (outer) => outer.refused())
  }
  failed(error: unknown): void {
    this.cohort.ended(this, this.arrivals, (outer) => outer.failed(error))
  }
  lost(reason: LossReason): void {
    const members = [...this.cohort.near.live()] as Member[]
    const mine = members.filter(({ hold }) => hold === this)
    this.cohort.ended(this, mine, (outer) => outer.lost(reason))
  }
  /** Its members speak for themselves. */
  describe(): undefined {}
}

export class NameCohort {
  /** The far hold that lets newcomers in while its budget lasts. */
  #current: FarHold | undefined
  /** The far request that newcomers wait for. */
  #asked: FarHold | undefined
  readonly near: NearQueue
  readonly forecast: ReturnForecast
  /** The grant before the last release, for the forecast. */
  #lastGrant = 0
  /** Nobody inside or waiting since the last release, in this turn of the event loop. */
  #idle = false
  /** Whether the port will call `turned`: 1 soon, 2 in the next turn. */
  #watched = 0
  /** The one who left last, to be used again: a loop makes no garbage of it. */
  #spare: Member | undefined

  constructor(
    readonly port: CohortPort,
    readonly name: string,
  ) {
    this.near = port.near.open()
    this.forecast = new ReturnForecast(name, port.experience)
  }

  acquire(outer: PortRequest): Answer {
    const member = this.#spare ?? new Member(outer, this)
    this.#spare = undefined
    member.outer = outer
    outer.slot = member
    const answer = this.near.acquire(member)
    if (answer === 'granted') return this.arrive(member)
    if (answer === 'refused') outer.slot = undefined
    return answer
  }

  release(member: Member): void {
    const { hold, outer } = member
    if (hold === undefined) return
    this.#lastGrant = outer.grantedAt
    leave(member)
    hold.inside--
    // Whoever is next near arrives in here.
    this.near.release(member)
    this.#spare = member
    if (hold.inside > 0) return
    if (hold === this.#current) this.#emptied()
    else this.port.far.release(hold)
    this.#tidy()
  }

  cancel(member: Member): void {
    const { hold } = member
    // Who is inside has nothing to withdraw any more.
    if (hold !== undefined && !hold.arrivals.delete(member)) return
    leave(member)
    this.near.cancel(member)
    // Whoever is next arrives in here, and takes over the place in the far queue if it suits him.
    this.near.release(member)
    if (hold?.arrivals.size === 0) this.#withdraw(hold)
    this.#tidy()
  }

  /** A member is first near: lets it in, or goes far for it. It learns by the answer. */
  arrive(member: Member): Answer {
    const { mode, ifAvailable, grantedAt } = member
    const current = this.#current
    if (this.#idle) {
      this.#idle = false
      this.forecast.note(true, grantedAt - this.#lastGrant, current !== undefined)
    }
    if (current !== undefined && (mode === 'shared' || current.mode === 'exclusive')) {
      const spent = grantedAt - current.grantedAt
      // Less than nothing: the wall clock was set back, and nobody knows what is left.
      if (spent < this.port.budget && spent >= 0) {
        admit(member, current, grantedAt)
        return 'granted'
      }
    }
    // One that a writer left behind, who gave up, does not suit readers.
    if (!ifAvailable && this.#asked?.mode !== mode) this.#withdraw(this.#asked)
    const asked = ifAvailable ? undefined : this.#asked
    const hold = asked ?? new FarHold(this, mode, ifAvailable)
    hold.arrivals.add(member)
    member.hold = hold
    if (asked !== undefined) return 'waiting'
    if (!ifAvailable) this.#asked = hold
    this.#dropEmpty()
    if (this.#current?.mode !== 'exclusive') return this.#goFar(hold, member)
    this.#askForRivals(this.#current, hold)
    return 'waiting'
  }

  /** The far lock is ours: everybody who waited for it goes in, and hears of it, but `silent`. */
  opened(hold: FarHold, silent?: Member): void {
    this.#dropEmpty()
    this.#current = hold
    const members = this.#settle(hold)
    if (hold.abandoned) for (const { outer } of members) outer.abandoned = true
    this.#admit(members, hold, silent)
  }

  /**
   * The far hold is over, or there will be none. They hear of it when it is over for all of them,
   * and before anybody else is let in.
   */
  ended(hold: FarHold, expelled: Iterable<Member>, tell: (outer: PortRequest) => void): void {
    const members = [...expelled]
    this.#settle(hold)
    if (this.#current === hold) this.#current = undefined
    hold.inside = 0
    for (const member of members) leave(member)
    for (const member of members) tell(member.outer)
    for (const member of members) this.near.release(member)
    this.#tidy()
  }

  /** A turn of the event loop or more has passed: whoever has not returned by now was not expected. */
  turned(): void {
    this.#watched = 0
    if (this.#idle) {
      this.#idle = false
      const sinceGrant = this.port.clock.coarse() - this.#lastGrant
      this.forecast.note(false, sinceGrant, this.#current !== undefined)
    }
    this.dropIdle()
  }

  /** Lets go of a far hold that nobody is inside of. */
  dropIdle(): void {
    this.#dropEmpty()
    this.#tidy()
  }

  #goFar(hold: FarHold, silent?: Member): Answer {
    // Readers still inside of a spent shared hold keep it to its end.
    if (!hold.ifAvailable) this.#current = undefined
    const answer = this.port.far.acquire(hold)
    if (answer === 'granted') this.opened(hold, silent)
    if (answer === 'refused') {
      this.ended(hold, hold.arrivals, (outer) => silent ?? outer.refused())
    }
    return answer
  }

  /**
   * Readers are inside of an exclusive far hold whose budget is spent, and more have come. A
   * second far request would wait for the first to end, which a reader that reads again inside
   * his section would never see: so it is made only if somebody else waits for the name.
   */
  async #askForRivals(spent: FarHold, hold: FarHold): Promise<void> {
    const { far, clock } = this.port
    const seen = await far.query().catch(() => undefined)
    if (hold.arrivals.size === 0) return
    const isRival = ({ name }: PortLockInfo) => name === this.name
    if (this.#current !== spent || seen === undefined || seen.pending.some(isRival)) {
      this.#goFar(hold)
    } else {
      spent.grantedAt = clock.coarse()
      this.#admit(this.#settle(hold), spent)
    }
  }

  #withdraw(hold: FarHold | undefined): void {
    if (hold === undefined) return
    this.#settle(hold)
    this.port.far.cancel(hold)
  }

  /** Nobody waits for this far request any more; answers who did. */
  #settle(hold: FarHold): readonly Member[] {
    if (this.#asked === hold) this.#asked = undefined
    const arrivals = [...hold.arrivals]
    hold.arrivals.clear()
    return arrivals
  }

  #admit(members: readonly Member[], hold: FarHold, silent?: Member): void {
    for (const member of members) admit(member, hold, hold.grantedAt)
    // Who hears of it may end another one's hold, whose place somebody else then takes.
    const outers = members.filter((member) => member !== silent).map(({ outer }) => outer)
    for (const outer of outers) outer.granted()
  }

  /** The last one went out and nobody near is next. */
  #emptied(): void {
    if (!this.forecast.expectsReturn || this.#asked !== undefined) this.#dropEmpty()
    this.#idle = true
    const when = this.#current ? 2 : 1
    if (this.#watched >= when) return
    this.#watched = when
    this.port.watch(this, when)
  }

  #dropEmpty(): void {
    const hold = this.#current
    if (hold?.inside !== 0) return
    this.#current = undefined
    this.port.far.release(hold)
  }

  /** Forgets the name once nobody is left and the forecast has its answer. */
  #tidy(): void {
    if (this.near.idle && !this.#watched && this.#current === undefined) this.port.forget(this)
  }
}

function admit(member: Member, hold: FarHold, at: number): void {
  hold.inside++
  member.hold = hold
  member.outer.grantedAt = at
}

function leave(member: Member): void {
  member.hold = undefined
  member.outer.slot = undefined
}
