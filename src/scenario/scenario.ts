/**
 * What happens, before any lock decides when: threads, each a sequence of critical
 * sections with the earliest time at which each is asked for. All times in milliseconds.
 */

export type SectionMode = 'read' | 'write'

export interface Section {
  readonly mode: SectionMode
  /** Earliest time of the request; a thread that is still busy then asks as soon as it is free. */
  readonly at: number
  /** How long the section lasts once the lock is granted. */
  readonly hold: number
}

export interface Thread {
  readonly name: string
  readonly sections: readonly Section[]
}

export interface Scenario {
  readonly title: string
  readonly threads: readonly Thread[]
}

/** Which lock the scenario runs against. */
export type PolicyId = 'go' | 'web-locks' | 'readers-first' | 'writers-first'
