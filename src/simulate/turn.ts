/**
 * The next step of a run. Atomic steps take no time: time moves only when nobody can run.
 * Who runs at one instant is the queue `ready`: those who are due come in the scenario's
 * order, the woken behind them. With seed 0 the first runs until it parks or is done; any
 * other seed draws who takes the next step, so that operations interleave line by line.
 */

import type { LockEvent } from '../locks/events'
import { type Algorithm, modeOf } from './algorithm'
import { type Advance, advance, type MachineEvent } from './machine'
import type { OperationId, ThreadId } from './types'
import { actorOf, dueOf, idleUntilNext, start, update, type World } from './world'

export interface Turn {
  /** Just after the step. */
  readonly world: World
  readonly thread: ThreadId
  readonly operation: OperationId
  readonly advance: Advance
  readonly before: World
  /** It was parked until this step. */
  readonly woken: boolean
  readonly event?: LockEvent
}

/** `undefined` when nobody can run and nothing is due any more. */
export function nextTurn(algorithm: Algorithm, last: World): Turn | undefined {
  const before = last.ready.length > 0 ? last : moveOn(last)
  if (!before) return undefined
  const { index, random } = draw(before)
  const thread = before.ready[index]
  const frame = thread === undefined ? undefined : before.machine.frames[thread]
  if (thread === undefined || !frame) throw new Error(`${thread} is ready with nothing to run`)

  const result = advance(algorithm, before.machine, thread)
  const { end, park } = result.effect
  const ready = end || park ? before.ready.toSpliced(index, 1) : before.ready
  const asking = end === 'granted' ? before.asking.filter((id) => id !== thread) : before.asking
  const turned = {
    ...before,
    machine: result.state,
    random,
    ready: [...ready, ...result.woken],
    asking,
  }
  const stepped = update(turned, thread, (actor) => ({
    ...actor,
    ran: [...actor.ran.filter((line) => line !== result.line), result.line],
    parkedAt: park ? before.time : null,
  }))
  return {
    world: end ? endOperation(stepped, thread, end) : stepped,
    thread,
    operation: frame.operation,
    advance: result,
    before,
    woken: actorOf(before, thread).parkedAt !== null,
    ...(result.event && { event: eventOf(result.event, before, thread, frame.operation) }),
  }
}

/** To the next time at which anything is due, with everybody who is due then ready. */
function moveOn(world: World): World | undefined {
  const times = world.actors.map(dueOf).filter((due) => due !== undefined)
  if (times.length === 0) return undefined
  const time = Math.max(world.time, Math.min(...times))
  const due = world.actors.filter((actor) => (dueOf(actor) ?? Number.POSITIVE_INFINITY) <= time)
  return due.reduce<World>((moved, { name }) => start(moved, name), { ...world, time })
}

function endOperation(
  world: World,
  thread: ThreadId,
  end: 'granted' | 'refused' | 'released',
): World {
  const { time } = world
  const ended = update(world, thread, (actor) => {
    const { sections, begun, activity } = actor
    const section = sections[begun - 1]
    if (end === 'granted' && activity.kind === 'acquiring' && section) {
      const until = time + section.hold
      return { ...actor, activity: { kind: 'holding', mode: activity.mode, since: time, until } }
    }
    return { ...actor, activity: idleUntilNext(sections, begun, time) }
  })
  // A thread that is late for its next section asks for it at once, behind those who can run.
  return end === 'released' && dueOf(actorOf(ended, thread)) === time ? start(ended, thread) : ended
}

function eventOf(
  type: MachineEvent,
  world: World,
  thread: ThreadId,
  operation: OperationId,
): LockEvent {
  return {
    type,
    time: world.time,
    agent: 'simulator',
    task: thread,
    lock: 'rw',
    mode: modeOf(operation) === 'read' ? 'shared' : 'exclusive',
    request: `${thread} #${actorOf(world, thread).begun}`,
  }
}

/** Mulberry32, a public-domain generator by Tommy Ettinger: small, and the same everywhere. */
function draw({ ready, seed, random }: World): { readonly index: number; readonly random: number } {
  if (seed === 0 || ready.length < 2) return { index: 0, random }
  const state = (random + 0x6d2b79f5) | 0
  let mixed = Math.imul(state ^ (state >>> 15), state | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  const fraction = ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  return { index: Math.floor(fraction * ready.length), random: state }
}
