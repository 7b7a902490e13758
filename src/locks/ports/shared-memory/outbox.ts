/**
 * What waits for the latch, in order: requests that found it taken, or that came before this agent
 * was attached, and questions about everybody.
 */

import type { CapacityError } from '../../errors'
import { bit } from './layout'
import type { Entry, OwnRequests } from './own-requests'
import { full, refused, type Table } from './table'

interface Question {
  /** Latch only. @returns what tells its answer */
  readonly look: (table: Table) => () => void
  readonly reject: (error: unknown) => void
}

/** What is to be told when the latch is left. */
export type Answers = (() => void)[]

export class Outbox {
  readonly #requests = new Set<Entry>()
  #questions: Question[] = []

  constructor(
    readonly own: OwnRequests,
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

  /** @param look is called under the latch */
  ask<T>(look: (table: Table) => T): Promise<T> {
    return new Promise((answer, reject) => {
      const attempt = (table: Table) => {
        try {
          const found = look(table)
          return () => answer(found)
        } catch (error) {
          return () => reject(error)
        }
      }
      this.#questions.push({ look: attempt, reject })
    })
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
    for (const { look } of this.#questions.splice(0)) answers.push(look(table))
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
