/** One request's lease, from its asking to its end: what others see of it, and until when it counts. */

import type { PortRequest, PortSnapshot } from '../ports/port'
import type { Space } from '../space'
import { Errand } from './errand'
import { markerName, readMarker } from './marker'
import { inTurn } from './turn'

export class Lease {
  readonly id: string
  /** Whether the lock itself is known to be granted. */
  state: 'asked' | 'held' | 'over' = 'asked'
  /** Resolves when others can see it, or it is over. */
  readonly ready: Promise<void>
  /** What tells of it: the last one, and those before it for as long as that is not there. */
  #markers: readonly Errand[] = []
  /** When it was told last, by the steady clock, and how long that counts, by the wall clock. */
  #told: number
  #until: number
  #renewing: Promise<void> | undefined

  constructor(
    readonly space: Space,
    readonly request: PortRequest,
    /** In ms. */
    readonly ttl: number,
    readonly renews: boolean,
  ) {
    this.id = space.nextId()
    // Who takes a lock by force has it at once.
    if (request.steal) this.state = 'held'
    const { clock } = space
    this.#told = clock.now()
    this.#until = clock.coarse() + ttl
    this.ready = this.#tell()
    this.ready.catch(() => {})
  }

  /** Whether it counts: by the clock that says otherwise first. */
  get isCurrent(): boolean {
    return this.space.clock.coarse() < this.#until && !this.isSpent
  }

  /** Whether it has run out by the steady clock, which nobody sets. */
  get isSpent(): boolean {
    return this.space.clock.now() - this.#told >= this.ttl
  }

  /** Whether it is time to renew it. */
  get isDue(): boolean {
    const { clock } = this.space
    // A little before the third: timers may come early by the coarse clock.
    const due = this.ttl * 0.3
    return clock.now() - this.#told >= due || clock.coarse() - this.#until + this.ttl >= due
  }

  /** The lock is granted, as is known here by now. */
  granted(): void {
    if (this.state !== 'asked') return
    this.state = 'held'
    if (this.isCurrent) this.#tell().catch(() => {})
  }

  /** Before the lock is its user's: it may have been taken before its grant was heard of. */
  async begun(): Promise<void> {
    await this.ready
    if (!this.isCurrent) await this.renew()
  }

  /** @throws what the mechanism failed with; that it was lost is told to the request */
  renew(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined
    })
    return this.#renewing
  }

  /** It has run out, and its holder goes on: whether it was robbed meanwhile. */
  check(): void {
    const { space, renews } = this
    if (this.state !== 'held' || this.isCurrent) return
    const look = async () => void this.#isThere(await space.ports.strict.query())
    const checked = renews ? this.renew() : look()
    // What cannot be known now may be known later.
    checked.catch(() => {})
  }

  end(): void {
    this.state = 'over'
    for (const marker of this.#markers) marker.end()
    this.#markers = []
  }

  async #renew(): Promise<void> {
    if (this.state === 'over') return
    // Who waits has nothing yet that could be taken from it.
    if (this.state === 'asked' || this.isCurrent) await this.#tell()
    else await inTurn(this.space, this.request.name, (seen) => this.#revive(seen))
  }

  async #revive(seen: PortSnapshot): Promise<void> {
    if (this.#isThere(seen)) await this.#tell()
  }

  /** Whether it is there still: whoever robs a lock takes what tells of its lease as well. */
  #isThere({ held }: PortSnapshot): boolean {
    if (this.state === 'over') return false
    if (held.some(({ name }) => readMarker(name)?.id === this.id)) return true
    this.request.lost('stolen')
    return false
  }

  /** Tells others that it counts from now on. The holder counts on it when they can know. */
  async #tell(): Promise<void> {
    const { clock, ports } = this.space
    const told = clock.now()
    const until = clock.coarse() + this.ttl
    const { id, state, ttl, request } = this
    if (state === 'over') return
    const name = markerName({ lock: request.name, id, state, ttl, until })
    if (this.#markers.some((marker) => marker.name === name)) return
    const before = this.#markers
    const marker = new Errand(ports.strict, name)
    this.#markers = [...before, marker]
    marker.send()
    await marker.done
    // It has ended meanwhile: with the lease, or because a later one tells of it.
    if (!marker.held) return
    for (const each of before) each.end()
    this.#markers = this.#markers.filter((each) => !before.includes(each))
    this.#told = Math.max(this.#told, told)
    this.#until = until
  }
}
