/**
 * This agent's requests, as the port knows them: a ring of entries, so that to come and to go costs
 * nothing, and the nodes of those that wait.
 */

import type { PortRequest } from '../port'
import { cell } from './layout'

export type Phase =
  /** To be entered into the table as soon as possible. */
  'asked' | 'waiting' | 'held' | 'over'

/** One request while it lives. Used again for the next one. */
export class Entry {
  before: Entry = this
  after: Entry = this
  request: PortRequest | undefined
  phase: Phase = 'over'
  /** Its node; 0 if it has none. */
  at = 0
  /** The state of its node if its lock may be kept when it is given back; else 0. */
  keeps = 0
  /** Counts grants: the order of holders. */
  grant = 0
}

export class OwnRequests {
  /** Requests that were not granted yet. */
  pending = 0
  #grants = 0
  readonly #ring = new Entry()
  /**
   * Who waits, by the numbers of their nodes' cells: at most an eighth of the memory's size. With
   * 10,000 waiters a map made grants half as dear again.
   */
  readonly #waiting: (Entry | undefined)[] = []
  /** The one that left last: a loop makes no garbage of it. */
  #spare: Entry | undefined

  get isEmpty(): boolean {
    return this.#ring.after === this.#ring
  }

  add(request: PortRequest): Entry {
    const entry = this.#spare ?? new Entry()
    this.#spare = undefined
    entry.request = request
    entry.phase = 'asked'
    entry.keeps = 0
    entry.before = this.#ring.before
    entry.after = this.#ring
    entry.before.after = entry
    this.#ring.before = entry
    request.slot = entry
    this.pending++
    return entry
  }

  wait(entry: Entry, at: number): void {
    entry.phase = 'waiting'
    entry.at = at
    this.#waiting[at / cell.width] = entry
  }

  hold(entry: Entry, at: number): void {
    if (entry.phase === 'waiting') this.#waiting[at / cell.width] = undefined
    entry.phase = 'held'
    entry.at = at
    entry.grant = ++this.#grants
    this.pending--
  }

  /** It waits, but its node is no more. */
  askAgain(entry: Entry): void {
    this.#waiting[entry.at / cell.width] = undefined
    entry.phase = 'asked'
    entry.at = 0
  }

  /** It is over. Its node is the caller's to end. */
  remove(entry: Entry): void {
    if (entry.phase === 'over') return
    if (entry.phase === 'waiting') this.#waiting[entry.at / cell.width] = undefined
    if (entry.phase !== 'held') this.pending--
    if (entry.request !== undefined) entry.request.slot = undefined
    entry.request = undefined
    entry.phase = 'over'
    entry.at = 0
    entry.before.after = entry.after
    entry.after.before = entry.before
    this.#spare = entry
  }

  /** Who waits on this node. */
  waiter(at: number): Entry | undefined {
    return this.#waiting[at / cell.width]
  }

  /** In the order of asking, as they are now. */
  all(): Entry[] {
    const entries: Entry[] = []
    for (let entry = this.#ring.after; entry !== this.#ring; entry = entry.after) {
      entries.push(entry)
    }
    return entries
  }

  has(name: string): boolean {
    for (let entry = this.#ring.after; entry !== this.#ring; entry = entry.after) {
      if (entry.request?.name === name) return true
    }
    return false
  }

  /** Of each name, holders in the order of their grants, then the others in that of asking. */
  inOrder(): PortRequest[] {
    const held = this.all().filter(({ phase }) => phase === 'held')
    const others = this.all().filter(({ phase }) => phase !== 'held')
    held.sort((a, b) => a.grant - b.grant)
    return [...held, ...others].flatMap(({ request }) => request ?? [])
  }
}
