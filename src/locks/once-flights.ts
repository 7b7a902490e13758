/** All single flights of one agent: its lines by name, and a short memory of what has landed. */

import type { Flight } from './once-flight'
import { Line } from './once-line'
import { type Outcome, type PackedOutcome, pack, packWithout } from './once-outcome'
import { type OnceMessage, readOnceMessage } from './once-wire'
import { remember } from './remember'
import type { Space } from './space'

/** How many results are kept for those who have not heard them, and for how long, in ms. */
const landingsKept = 100
const kept = 10_000

interface Landing {
  readonly name: string
  readonly callers: ReadonlySet<string>
  readonly outcome: PackedOutcome
}

type Unsent<M> = M extends OnceMessage ? Omit<M, 'latchkey' | 'name'> : never

export class Flights {
  /** Whether there are other agents at all. */
  readonly isShared: boolean
  readonly #lines = new Map<string, Line>()
  readonly #landings = new Map<string, Landing>()

  constructor(readonly space: Space) {
    this.isShared = space.reach !== 'realm'
    space.ports.strict.bus.listen((data) => {
      const message = readOnceMessage(data)
      if (message !== undefined) this.#hear(message)
    })
  }

  line(name: string): Line {
    const line = this.#lines.get(name) ?? new Line(this, name)
    this.#lines.set(name, line)
    return line
  }

  /** Nobody is in it any more. */
  leave({ name }: Line): void {
    this.#lines.delete(name)
  }

  post(name: string, message: Unsent<OnceMessage>): void {
    this.space.ports.strict.bus.post({ latchkey: 1, name, ...message })
  }

  /** Sends the outcome to the callers elsewhere. What cannot be cloned they are told of. */
  land(name: string, { id, callers }: Flight, outcome: Outcome): void {
    if (callers.size === 0) return
    const send = (packed: PackedOutcome): Landing => {
      const landing = { name, callers: new Set(callers.keys()), outcome: packed }
      this.#send(id, landing, [...callers.keys()])
      return landing
    }
    let landed: Landing
    try {
      landed = send(pack(outcome))
    } catch (reason) {
      landed = send(packWithout(outcome, reason))
    }
    remember(this.#landings, id, landed, landingsKept)
    this.space.clock.after(kept, () => this.#landings.delete(id), unref)
  }

  /** How many queue for a lock, as the mechanism knows them. */
  async queued(lock: string): Promise<number> {
    try {
      const { pending } = await this.space.ports.strict.query()
      return pending.filter(({ name }) => name === lock).length
    } catch {
      return 0
    }
  }

  #hear(message: OnceMessage): void {
    const { name, type } = message
    if (type === 'once asked') this.#answer(message)
    else this.#lines.get(name)?.hear(message)
    if (type !== 'once landed') return
    const { agent } = this.space
    const { callers, flight } = message
    if (callers.some((id) => this.#isOurs(id)))
      this.post(name, { type: 'once heard', flight, agent })
  }

  #answer({ name, flight, callers }: OnceMessage & { readonly type: 'once asked' }): void {
    if (!this.#isOurs(flight)) return
    const landing = this.#landings.get(flight)
    const aboard = callers.filter((id) => landing?.callers.has(id))
    if (landing !== undefined && aboard.length > 0) this.#send(flight, landing, aboard)
    if (aboard.length < callers.length) this.post(name, { type: 'once forgotten', flight })
  }

  #send(flight: string, { name, outcome }: Landing, callers: readonly string[]): void {
    this.post(name, { type: 'once landed', flight, callers, outcome })
  }

  /** Ids begin with their agent's. */
  #isOurs(id: string): boolean {
    return id.startsWith(`${this.space.agent}-`)
  }
}

function unref(timer: unknown): void {
  ;(timer as { unref?(): void }).unref?.()
}
