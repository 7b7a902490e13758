/**
 * What the simulator tells: every step of a run in virtual time, with the lock's insides,
 * what each thread is doing, and a sentence of why. All of it is plain, immutable data;
 * all times are milliseconds of virtual time.
 */

import type { LockEvent } from '../locks/events'
import type { PolicyId, Scenario, SectionMode } from '../scenario/scenario'

/** A thread is known by its name, which is unique in a scenario. */
export type ThreadId = string

export type OperationId = 'RLock' | 'RUnlock' | 'Lock' | 'Unlock' | 'TryRLock' | 'TryLock'

/** A piece of a sentence: words, a name from the listing, or the words that stand out. */
export interface Segment {
  readonly kind: 'text' | 'code' | 'strong'
  readonly text: string
}

/** Concatenate the texts and it reads as plain prose; the kinds are only for its looks. */
export type Sentence = readonly Segment[]

/** A line of a listing. The line that is shown is the step that runs. */
export interface ListingLine {
  readonly text: string
  /** What the line means, shown after a dash: `a writer is pending`. */
  readonly note?: string
  /** How deep it is indented, in levels. */
  readonly indent: number
  /** The line of `sync/rwmutex.go` in Go 1.8.1 that does this. */
  readonly reference?: number
  /** Touches nothing that other threads can see: a test of a value that was read before. */
  readonly local: boolean
}

export interface Listing {
  readonly operation: OperationId
  readonly lines: readonly ListingLine[]
}

/** A policy as the page shows it. */
export interface PolicyInfo {
  readonly id: PolicyId
  /** `Go · phase-fair` */
  readonly title: string
  /** One sentence: who goes first, and what that costs. */
  readonly about: string
  /** What the numbers beside the lines refer to, if there are any: `line in Go 1.8.1`. */
  readonly referenceTitle?: string
  readonly listings: Readonly<Record<OperationId, Listing>>
}

export interface Chip {
  readonly thread: ThreadId
  readonly kind: 'waiting' | 'reading' | 'writing'
  /** `Reader 1 · read` */
  readonly text: string
}

/** A part of a number: `2 − 2` and, raised, `30`. */
export interface NumberPart {
  readonly text: string
  readonly raised: boolean
}

interface RegisterBase {
  /** As the listing calls it: `readerCount`, `held by`. */
  readonly name: string
  /** What the value means just now: `2 readers · a writer is pending`; may be empty. */
  readonly note: string
}

export type RegisterView =
  | (RegisterBase & {
      readonly kind: 'number'
      readonly value: number
      /** `2 − 2³⁰` in plain text. */
      readonly text: string
      readonly parts: readonly NumberPart[]
    })
  | (RegisterBase & {
      readonly kind: 'threads'
      /** In queue order where order matters; empty: nobody. */
      readonly chips: readonly Chip[]
    })

/** `from` cannot go on before `to` has. The arrows of the picture. */
export interface BlockingEdge {
  readonly from: ThreadId
  readonly to: ThreadId
}

export type Doing =
  /** Nothing to do until `next`. */
  | { readonly kind: 'idle'; readonly next: number }
  /** In the midst of an operation, about to run its next line. */
  | { readonly kind: 'running'; readonly operation: OperationId; readonly mode: SectionMode }
  | {
      readonly kind: 'waiting'
      readonly mode: SectionMode
      readonly since: number
      /** The queue or semaphore it is parked on: `readerSem`. */
      readonly on: string
      /** Whom it waits for; the targets of its blocking edges. */
      readonly for: readonly ThreadId[]
      /** `waiting for 1 reader`, `parked on readerSem`, `queued behind Writer 1`. */
      readonly label: string
    }
  | { readonly kind: 'reading' | 'writing'; readonly since: number; readonly until: number }
  /** No section is left. */
  | { readonly kind: 'done' }

export interface ThreadView {
  readonly thread: ThreadId
  readonly doing: Doing
}

/** One atomic action of one thread, and the world just after it. */
export interface Step {
  /** 0 for the first step of the run. */
  readonly index: number
  readonly time: number
  readonly policy: PolicyId
  readonly thread: ThreadId
  readonly operation: OperationId
  /** Index into the operation's listing. */
  readonly line: number
  /** The lines that this call of the operation has run up to now, each once, `line` last. */
  readonly ran: readonly number[]
  readonly registers: readonly RegisterView[]
  /** In the scenario's order. */
  readonly threads: readonly ThreadView[]
  readonly edges: readonly BlockingEdge[]
  /** Why this happens, or what it means: one sentence about this step alone. */
  readonly why: Sentence
  /**
   * The operation's steps of this instant up to this one, told as one paragraph that
   * begins with its time: `Second 3. Reader 2 adds itself: …`
   */
  readonly story: Sentence
  /** At most one event belongs to a step. */
  readonly event?: LockEvent
}

/** A bar in a thread's lane. Bars of one thread never overlap and have a length. */
export interface Span {
  readonly thread: ThreadId
  readonly kind: 'waiting' | 'reading' | 'writing'
  readonly from: number
  readonly to: number
  readonly label: string
}

export type Outcome =
  | { readonly kind: 'finished' }
  /** Nobody can run and nothing is due: these wait for ever, the edges say for whom. */
  | {
      readonly kind: 'deadlock'
      readonly time: number
      readonly threads: readonly ThreadId[]
      readonly edges: readonly BlockingEdge[]
    }
  /** More steps than any sensible run has; the rest is left out. */
  | { readonly kind: 'cut'; readonly time: number; readonly limit: number }

/**
 * A point of a run: `time`, with `step` steps done. Several steps happen at one time, so
 * the time alone does not say which of them have been done.
 */
export interface Moment {
  readonly time: number
  readonly step: number
}

/** What to change at a fork; what is left out stays. */
export interface Change {
  readonly scenario?: Scenario
  readonly policy?: PolicyId
}

/** A whole run. */
export interface Simulation {
  /** As it was played: after a fork, with the past that was kept. */
  readonly scenario: Scenario
  /** The policy in force at the end; a step names its own. */
  readonly policy: PolicyId
  readonly seed: number
  readonly outcome: Outcome
  /** When the last step happens. */
  readonly end: number
  /** The time axis' length: a whole number of seconds, longer than `end`, at least 1000. */
  readonly duration: number
  readonly steps: readonly Step[]
  /** The world before the first step. */
  readonly registers: readonly RegisterView[]
  readonly threads: readonly ThreadView[]
  readonly events: readonly LockEvent[]
  readonly spans: readonly Span[]
  /** The run as it goes on from `moment` after a change; everything up to there is kept. */
  readonly fork: (moment: Moment, change: Change) => Simulation
}

/** A run that is made as one walks through it. */
export interface Executor {
  readonly moment: Moment
  /** The steps done up to the moment. */
  readonly steps: readonly Step[]
  /** Set once the moment is the run's end. */
  readonly outcome: Outcome | undefined
  /** Does the next step and moves to its time; `undefined` at the end. */
  readonly step: () => Step | undefined
  /** Undoes the last step and moves to the time of the one before it (0 before the first). */
  readonly back: () => Step | undefined
  /** To `time`, every step up to and at it done. */
  readonly seek: (time: number) => void
  /** A new run: this one's past, and from the moment on what `change` says. */
  readonly fork: (change: Change) => Executor
  /** Everything, to the end; the moment stays where it is. */
  readonly run: () => Simulation
}
