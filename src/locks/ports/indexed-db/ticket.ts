/** A request on its way, then a hold: the port's own bookkeeping, in the order it promises. */

import type { PortRequest } from '../port'
import type { Life } from './life'

export class Ticket {
  state: 'asked' | 'held' | 'over' = 'asked'
  /** Its place in the table; -1 before it is known. A steal by somebody else may change it. */
  key = -1
  /** The life in which it was asked for, if it was. */
  life: Life | undefined
  /** How often it was cut short. */
  setbacks = 0

  constructor(
    readonly request: PortRequest,
    readonly no: number,
  ) {}
}

export class Tickets {
  /** In the order of asking, by number. */
  readonly asked = new Map<number, Ticket>()
  /** In the order of the grants, by number. */
  readonly held = new Map<number, Ticket>()
  /** How many are asked for, by name. */
  readonly #names = new Map<string, number>()
  /** In which life these names were asked for last. */
  readonly #sent = new Map<string, Life>()
  #last = 0

  get empty(): boolean {
    return this.asked.size === 0 && this.held.size === 0
  }

  /** The names that are asked for. */
  get names(): Iterable<string> {
    return this.#names.keys()
  }

  open(request: PortRequest): Ticket {
    const ticket = new Ticket(request, ++this.#last)
    request.slot = ticket
    this.asked.set(ticket.no, ticket)
    this.#names.set(request.name, (this.#names.get(request.name) ?? 0) + 1)
    return ticket
  }

  get(no: number): Ticket | undefined {
    return this.asked.get(no) ?? this.held.get(no)
  }

  /** Whether this is the first of its name, of those that are asked for, to be sent in this life. */
  leads(name: string, life: Life): boolean {
    const leads = this.#sent.get(name) !== life
    this.#sent.set(name, life)
    return leads
  }

  asks(name: string): boolean {
    return this.#names.has(name)
  }

  hold(ticket: Ticket): void {
    this.#unask(ticket)
    ticket.state = 'held'
    this.held.set(ticket.no, ticket)
  }

  end(ticket: Ticket): void {
    if (ticket.state === 'asked') this.#unask(ticket)
    ticket.state = 'over'
    ticket.request.slot = undefined
    this.held.delete(ticket.no)
  }

  #unask({ no, request: { name } }: Ticket): void {
    this.asked.delete(no)
    const left = (this.#names.get(name) ?? 1) - 1
    if (left > 0) {
      this.#names.set(name, left)
    } else {
      this.#names.delete(name)
      this.#sent.delete(name)
    }
  }
}
