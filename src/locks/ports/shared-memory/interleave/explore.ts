/**
 * Tries the schedules of a case, and reports how many it tried and the first that fails.
 *
 * `explore` is exhaustive up to a number of preemptions (a thread that could go on has to stand
 * back), kills and early timeouts: depth first, each run anew from the start with the decisions to
 * be changed as its prefix, with 0 preemptions first, then 1, and so on, so that a schedule found
 * is one with the fewest. Runs that come to a state already tried are cut short. `roam` draws
 * schedules from a seed, without a bound on preemptions. `replay` plays one again.
 */

import { AtomicWords, type Words } from '../words'
import type { Program } from './actor'
import type { Decision, Gang, Orders, Run } from './gang'
import { nextRandom } from './hash'
import { judge } from './judge'
import { action, formatSchedule } from './schedule'

/** A small world: what each thread does, and what may befall it. */
export interface Case {
  readonly name: string
  readonly programs: readonly Program[]
  /** How many kills a schedule may have, and of whom. Default: none. */
  readonly kills?: number
  readonly mortal?: readonly number[]
  /** How many waits may time out though others could run. Default: none. */
  readonly timeouts?: number
  readonly preemptions: number
  /** As many schedules as are tried every day, where all of them are too many. */
  readonly enough?: number
  /** Its programs meet: schedules differ only after that, and nobody dies before. Default: no. */
  readonly meets?: boolean
  /** What the memory begins with. Default: zeros. */
  begin?(words: Words): void
  /** What is wrong with the memory when all survivors have finished. @param dead by thread */
  check?(words: Words, dead: readonly boolean[]): string | undefined
}

export interface Failure {
  readonly what: string
  /** For `replay`. */
  readonly schedule: string
}

export interface Report {
  readonly name: string
  readonly schedules: number
  /** How many different states decisions were taken in; 0 where nobody counted. */
  readonly states: number
  readonly preemptions: number
  /** Every schedule within the bounds was tried, or was the same as one that was. */
  readonly exhaustive: boolean
  readonly milliseconds: number
  readonly failure: Failure | undefined
}

export interface Bounds {
  readonly preemptions?: number
  /** After so many schedules it gives up, and is not exhaustive. */
  readonly most?: number | undefined
  /** `false`: runs are never cut short where the state is known. */
  readonly pruning?: boolean
}

/** The event loop of whoever explores gets a turn about so often, in ms. */
const breath = 200

export class Explorer {
  readonly #begin: Int32Array
  #breathed = performance.now()

  constructor(
    readonly gang: Gang,
    readonly cases: readonly Case[],
    readonly number: number,
  ) {
    const memory = new SharedArrayBuffer(gang.memory.byteLength)
    this.case.begin?.(new AtomicWords(memory))
    this.#begin = new Int32Array(memory)
  }

  get case(): Case {
    const found = this.cases[this.number]
    if (found === undefined) throw new RangeError(`There is no case ${this.number}`)
    return found
  }

  async explore({
    preemptions = this.case.preemptions,
    most = Number.POSITIVE_INFINITY,
    pruning = true,
  }: Bounds = {}): Promise<Report> {
    const began = performance.now()
    let schedules = 0
    let states = 0
    let exhaustive = true
    let failure: Failure | undefined
    for (let bound = 0; bound <= preemptions && failure === undefined && exhaustive; bound++) {
      this.gang.known.clear()
      const search = new Search()
      do {
        if (schedules === most) exhaustive = false
        else {
          await this.#breathe()
          const run = this.#play({ prefix: search.prefix, preemptions: bound, pruning })
          schedules++
          failure = this.#judge(run)
          search.add(run.decisions)
        }
      } while (exhaustive && failure === undefined && search.next())
      states = this.gang.known.size
    }
    const milliseconds = performance.now() - began
    exhaustive &&= failure === undefined
    return this.#report({ schedules, states, preemptions, exhaustive, milliseconds, failure })
  }

  /** @param random the seed: not 0 */
  async roam(random: number, runs: number): Promise<Report> {
    const began = performance.now()
    let seed = random
    let schedules = 0
    let failure: Failure | undefined
    while (schedules < runs && failure === undefined) {
      await this.#breathe()
      seed = nextRandom(seed)
      failure = this.#judge(this.#play({ prefix: [], random: seed }))
      schedules++
    }
    const milliseconds = performance.now() - began
    const preemptions = Number.POSITIVE_INFINITY
    const rest = { states: 0, preemptions, exhaustive: false }
    return this.#report({ schedules, milliseconds, failure, ...rest })
  }

  /** @returns what is wrong with this schedule, if anything is, and all its operations */
  replay(schedule: readonly number[]): {
    readonly failure: Failure | undefined
    readonly operations: readonly string[]
  } {
    const run = this.#play({ prefix: schedule, recording: true })
    return { failure: this.#judge(run), operations: run.operations }
  }

  #play(orders: Partial<Orders> & Pick<Orders, 'prefix'>): Run {
    const { programs, kills = 0, mortal = [], timeouts = 0, meets = false } = this.case
    const whole: Orders = {
      case: this.number,
      threads: programs.length,
      random: 0,
      preemptions: 0,
      kills,
      timeouts,
      meets,
      mortal: mortal.reduce((mask, thread) => mask | (1 << thread), 0),
      pruning: false,
      recording: false,
      ...orders,
    }
    return this.gang.play(whole, this.#begin)
  }

  #judge(run: Run): Failure | undefined {
    const what = this.#wrong(run)
    return what === undefined ? undefined : { what, schedule: shortest(run.decisions) }
  }

  #wrong({ outcome, error, notes, dead }: Run): string | undefined {
    const finished = outcome === 'finished'
    const wrong = judge(notes, finished)
    if (wrong !== undefined) return wrong
    if (outcome === 'error') return error
    if (outcome === 'known') return undefined
    if (!finished) return outcome
    const died = this.case.programs.map((_, thread) => (dead & (1 << thread)) !== 0)
    return this.case.check?.(new AtomicWords(this.gang.memory), died)
  }

  #report(rest: Omit<Report, 'name'>): Report {
    return { name: this.case.name, ...rest }
  }

  async #breathe(): Promise<void> {
    if (performance.now() - this.#breathed < breath) return
    await new Promise((resolve) => setTimeout(resolve))
    this.#breathed = performance.now()
  }
}

/** Depth first: the decisions that lead to here, and what else each could have been. */
class Search {
  readonly prefix: number[] = []
  readonly #open: number[] = []

  add(decisions: readonly Decision[]): void {
    for (const decision of decisions.slice(this.prefix.length)) {
      this.prefix.push(decision.action)
      this.#open.push(within(decision) & ~(1 << decision.action))
    }
  }

  /** Changes the last decision that could be another one. */
  next(): boolean {
    for (;;) {
      const open = this.#open.pop()
      if (open === undefined) return false
      this.prefix.pop()
      if (open === 0) continue
      const first = open & -open
      this.prefix.push(31 - Math.clz32(first))
      this.#open.push(open & ~first)
      return true
    }
  }
}

/** What was possible within the bound on preemptions. */
function within({ possible, current, preemptions }: Decision): number {
  if (current < 0 || preemptions > 0) return possible
  const runs = 0xff & ~(1 << action.run(current))
  return possible & ~runs
}

/** Without the end that would come by itself. */
function shortest(decisions: readonly Decision[]): string {
  let length = decisions.length
  while (length > 0 && isUsual(decisions[length - 1])) length--
  return formatSchedule(decisions.slice(0, length).map((decision) => decision.action))
}

function isUsual(decision: Decision | undefined): boolean {
  if (decision === undefined) return false
  const { possible, current } = decision
  const runs = possible & 0xff
  return decision.action === action.run(current >= 0 ? current : 31 - Math.clz32(runs & -runs))
}

/** One line for people. */
export function line(report: Report): string {
  const { name, schedules, states, preemptions, exhaustive, milliseconds, failure } = report
  const rate = Math.round((schedules / milliseconds) * 1000)
  const bound = Number.isFinite(preemptions)
    ? `${exhaustive ? 'all' : 'some'} with at most ${preemptions} preemptions, ${states} states`
    : 'at random'
  const end =
    failure === undefined ? '' : `: ${failure.what}\n  SCHEDULE='${name}: ${failure.schedule}'`
  return `${name}: ${schedules} schedules (${bound}; ${rate}/s)${end}`
}
