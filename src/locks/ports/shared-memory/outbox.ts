/**
 * What waits for the latch, in order: requests that found it taken, or that came before this agent
 * was attached, and questions about everybody.
 */

import type { CapacityError } from '../../errors'
import type { PortSnapshot } from '../port'
import type { Agents } from './agents'
import { bit } from './layout'
import type { Entry, OwnRequests } from './own-requests'
import { full, refused, type Table } from './table'
import { snapshotOf } from './table-snapshot'

interface Question {
  readonly answer: (snapshot: PortSnapshot) => void
  readonly reject: (error: Error) => void
}

/** What is to be told when the latch is left. */
export type Answers = (() => void)[]

export class Outbox {
  readonly #requests = new Set<Entry>()
  #questions: Question[] = []

  constructor(
    readonly own: OwnRequests,
    readonly agents: Agents,
    readonly capacityError: () => CapacityError,
  ) {}

  get isEmpty(): boolean {
    return this.#requests.size === 0 && this.#questions.length === 0
  }

  /** Whether what comes now has to go behind others. */
  get hasRequests(): boolean {
    return this.#requests.size > 0
  }

  get hasQuestions(): boolean {
    return this.#questions.length > 0
  }

  put(entry: Entry): void {
    this.#requests.add(entry)
  }

  drop(entry: Entry): void {
    this.#requests.delete(entry)
  }

  has(name: string): boolean {
    if (this.#requests.size === 0) return false
    for (const { request } of this.#requests) if (request?.name === name) return true
    return false
  }

  ask(): Promise<PortSnapshot> {
    return new Promise((answer, reject) => this.#questions.push({ answer, reject }))
  }

  /**
   * Does it all. Latch only.
   * @param heard tells what has become of a node
   */
  send(table: Table, heard: (at: number) => void): Answers {
    const answers: Answers = []
    const entries = [...this.#requests]
    this.#requests.clear()
    for (const entry of entries) this.#send(table, entry, heard, answers)
    if (this.#questions.length > 0) {
      const snapshot = snapshotOf(table, this.agents)
      for (const { answer } of this.#questions.splice(0)) answers.push(() => answer(snapshot))
    }
    return answers
  }

  /** Nothing in it will ever be done. */
  fail(error: Error): void {
    for (const { reject } of this.#questions.splice(0)) reject(error)
    const entries = [...this.#requests]
    this.#requests.clear()
    for (const entry of entries) {
      const { request } = entry
      this.own.remove(entry)
      request?.failed(error)
    }
  }

  #send(table: Table, entry: Entry, heard: (at: number) => void, answers: Answers): void {
    const { request } = entry
    if (request === undefined) return
    const { name, mode, ifAvailable, steal = false } = request
    const bits = mode === 'exclusive' ? bit.exclusive : 0
    const at = table.ask(name, bits, ifAvailable, steal)
    if (at < full) {
      this.own.wait(entry, -at)
    } else if (at > 0) {
      // It may be withdrawn, or stolen, before it is told.
      this.own.wait(entry, at)
      answers.push(() => heard(at))
    } else {
      answers.push(() => {
        if (entry.request !== request) return
        this.own.remove(entry)
        if (at === refused) request.refused()
        else request.failed(this.capacityError())
      })
    }
  }
}
