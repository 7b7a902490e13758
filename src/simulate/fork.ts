/**
 * What a run becomes when its scenario or its lock changes in the midst of it. What has begun
 * stays begun: sections that were asked for keep their place, a thread that the new scenario
 * does not have ends the section it is in, and a section that is held ends when the new
 * scenario says, though not in the past. A new lock takes over with the same holders; those
 * who wait ask it anew, in the order in which they asked the old one.
 */

import type { Scenario, Section } from '../scenario/scenario'
import type { Algorithm } from './algorithm'
import { advance, begin, initial, type MachineState } from './machine'
import { type Actor, actor, actorOf, idleUntilNext, update, type World } from './world'

export function withScenario(world: World, scenario: Scenario): World {
  const kept = scenario.threads.map(({ name, sections }) => {
    const old = world.actors.find((each) => each.name === name)
    return old ? replan(old, sections, world.time) : replan(actor(name, []), sections, world.time)
  })
  const names = new Set(scenario.threads.map(({ name }) => name))
  const gone = world.actors.filter(({ name, begun }) => begun > 0 && !names.has(name))
  return { ...world, actors: [...kept, ...gone.map((old) => replan(old, [], world.time))] }
}

/** The scenario as it has been and will be played. */
export function scenarioOf(title: string, world: World): Scenario {
  return { title, threads: world.actors.map(({ name, sections }) => ({ name, sections })) }
}

function replan(old: Actor, sections: readonly Section[], now: number): Actor {
  const { begun, activity } = old
  const past = old.sections.slice(0, begun)
  const current = past.at(-1)
  const wished = sections[begun - 1]
  const open = activity.kind === 'acquiring' || activity.kind === 'holding'
  if (open && current && wished?.mode === current.mode) {
    const least = activity.kind === 'holding' ? now - activity.since : 0
    past[begun - 1] = { ...current, hold: Math.max(wished.hold, least) }
  }
  let earliest = current?.at ?? 0
  const coming = sections.slice(begun).map((section) => {
    earliest = Math.max(earliest, section.at)
    return { ...section, at: earliest }
  })
  const planned = [...past, ...coming]
  return { ...old, sections: planned, activity: activityAfter(old, planned, now) }
}

function activityAfter({ begun, activity }: Actor, sections: readonly Section[], now: number) {
  if (activity.kind === 'holding') {
    return { ...activity, until: activity.since + (sections[begun - 1]?.hold ?? 0) }
  }
  if (activity.kind === 'idle' || activity.kind === 'done') {
    return idleUntilNext(sections, begun, now)
  }
  return activity
}

export function withAlgorithm(world: World, algorithm: Algorithm): World {
  const { frames, holders } = world.machine
  let machine: MachineState = initial(algorithm)
  for (const { thread, mode } of holders) {
    machine = begin(machine, thread, mode === 'read' ? 'RLock' : 'Lock')
    while (machine.frames[thread]) machine = advance(algorithm, machine, thread).state
  }
  let taken: World = { ...world, policy: algorithm.id, machine }

  // Whoever has given the lock back is done with it; the rest of that was the old lock's.
  for (const thread of Object.keys(frames)) {
    if (!frames[thread]?.begun || actorOf(taken, thread).activity.kind !== 'releasing') continue
    taken = update(taken, thread, (each) => ({
      ...each,
      activity: idleUntilNext(each.sections, each.begun, world.time),
    }))
  }
  const leaving = world.ready.filter((thread) => {
    const frame = frames[thread]
    return frame && !frame.begun && actorOf(world, thread).activity.kind === 'releasing'
  })
  const ready = [...leaving, ...world.asking]
  for (const thread of ready) {
    const frame = frames[thread]
    if (!frame) continue
    const anew = { ...frame, line: 0, local: 0, parked: null }
    machine = { ...machine, frames: { ...machine.frames, [thread]: anew } }
    taken = update(taken, thread, (each) => ({ ...each, ran: [], parkedAt: null }))
  }
  return { ...taken, machine, ready }
}
