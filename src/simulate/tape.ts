/**
 * A run's steps, made when they are first needed and kept, so that the same run always shows
 * the same steps: each with the world it left, its views and its sentences.
 */

import type { PolicyId } from '../scenario/scenario'
import type { Algorithm, Clause } from './algorithm'
import { clauseOf, paragraph } from './sentence'
import { nextTurn, type Turn } from './turn'
import type { Outcome, Step } from './types'
import { viewOf, type WorldView } from './view'
import { actorOf, type World } from './world'

export type Algorithms = Readonly<Record<PolicyId, Algorithm>>

/** More than the largest scenario takes: 50 sections, each with its lines and its retries. */
const stepLimit = 5_000
/** Of one paragraph: a loop that never ends must not be told without end. */
const clauseLimit = 40

export interface Done {
  readonly step: Step
  readonly world: World
  /** What has been told of this call in this instant. */
  readonly clauses: readonly Clause[]
  readonly call: number
}

/** A run's steps, as far as they have been made. */
export interface Tape {
  readonly title: string
  readonly first: World
  readonly firstView: WorldView
  readonly done: Done[]
  outcome: Outcome | undefined
}

/** The `index`th step, made if need be. */
export function make(tape: Tape, known: Algorithms, index: number): Done | undefined {
  while (tape.done.length <= index && !tape.outcome) {
    const world = tape.done.at(-1)?.world ?? tape.first
    const algorithm = known[world.policy]
    const turn = tape.done.length < stepLimit ? nextTurn(algorithm, world) : 'cut'
    if (turn === 'cut') tape.outcome = { kind: 'cut', time: world.time, limit: stepLimit }
    else if (turn) tape.done.push(doneOf(algorithm, tape.done, turn))
    else tape.outcome = outcomeOf(algorithm, world)
  }
  return tape.done[index]
}

function doneOf(algorithm: Algorithm, done: readonly Done[], turn: Turn): Done {
  const { thread, operation, before, world } = turn
  const { line, effect } = turn.advance
  const { call, ran } = actorOf(before, thread)
  const time = before.time
  const last = done.findLast(({ step }) => step.thread === thread)
  const told = last?.call === call && last.step.time === time ? last.clauses : []
  const scene = {
    thread,
    before: before.machine.memory,
    after: turn.advance.state.memory,
    local: before.machine.frames[thread]?.local ?? 0,
    effect,
    holders: turn.advance.state.holders,
    woken: turn.woken,
  }
  const tell = (who: string) => {
    const program = algorithm.operations[operation][line]
    if (!program) throw new Error(`${operation} has no line ${line}`)
    return clauseOf(program.say({ ...scene, who }))
  }
  const clauses = [...told, tell(told.length === 0 ? thread : 'It')].slice(-clauseLimit)
  const step: Step = {
    index: done.length,
    time,
    policy: algorithm.id,
    thread,
    operation,
    line,
    ran: [...ran.filter((earlier) => earlier !== line), line],
    ...viewOf(algorithm, world),
    why: tell(thread).sentence,
    story: paragraph(time, clauses),
    ...(turn.event && { event: turn.event }),
  }
  return { step, world, clauses, call }
}

function outcomeOf(algorithm: Algorithm, world: World): Outcome {
  const threads = Object.keys(world.machine.frames)
  if (threads.length === 0) return { kind: 'finished' }
  return { kind: 'deadlock', time: world.time, threads, edges: viewOf(algorithm, world).edges }
}
