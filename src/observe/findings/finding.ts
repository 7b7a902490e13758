/** What findings say, and how they say it. */

import type { LockMode } from '../../locks'

/** Durations and moments in ms, shares from 0 to 1. */
export interface FindingFigures {
  /** From `onset` on the queue grew: at `peak` so many waited, after so many had asked and were served. */
  readonly convoy: {
    readonly onset: number
    readonly peak: number
    readonly queue: number
    readonly asked: number
    readonly served: number
  }
  readonly starvation: {
    readonly waited: number
    readonly overtaken: number
    /** How many waited like that. */
    readonly waiters: number
  }
  readonly 'long hold': {
    readonly held: number
    /** How many were too long. */
    readonly holds: number
  }
  readonly 'idle hold': {
    readonly held: number
    /** Of that, until the event loop turned. */
    readonly ran: number
    readonly holds: number
  }
  readonly 'hot lock': {
    readonly share: number
    readonly delay: number
  }
  readonly 'reader-writer inversion': {
    /** Of what readers waited. */
    readonly p99: number
    /** Of those readers in whose way no writer was. */
    readonly otherwise: number
    /** The writer's hold that made readers wait most, how many, and for how long together. */
    readonly held: number
    readonly readers: number
    readonly delay: number
  }
  /** Only live, by `onFinding`: p99 of the waits of one interval went over the limit. */
  readonly 'slow acquisition': {
    readonly p99: number
    readonly limit: number
    readonly grants: number
  }
  /** Only live: more waited for one lock at once than the limit. */
  readonly 'long queue': {
    readonly waiting: number
    readonly limit: number
  }
}

export type FindingKind = keyof FindingFigures

interface FindingOf<Kind extends FindingKind> {
  readonly kind: Kind
  readonly lock: string
  readonly mode?: LockMode
  /** Where the lock was asked for by who causes it (starvation: by who suffers it), if known. */
  readonly site?: string
  /** The moment to look at, on the recording's clock. */
  readonly from: number
  readonly to: number
  readonly figures: FindingFigures[Kind]
  /** All of this for people. */
  readonly sentence: string
}

export type Finding = { readonly [Kind in FindingKind]: FindingOf<Kind> }[FindingKind]

/** A duration for people: three digits and a unit. */
export function duration(ms: number): string {
  if (ms === 0) return '0 ms'
  if (ms < 1) return `${digits(ms * 1000)} µs`
  return ms < 1000 ? `${digits(ms)} ms` : `${digits(ms / 1000)} s`
}

function digits(value: number): string {
  return String(value >= 100 ? Math.round(value) : Number(value.toPrecision(3)))
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}

/** Where it was asked for, as part of a sentence. */
export function at(site: string | undefined): string {
  return site === undefined ? '' : `, asked for at ${site}`
}

export function placed(site: string | undefined): { site?: string } {
  return site === undefined ? {} : { site }
}
