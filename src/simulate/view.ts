/** A world as the page shows it: what every thread does, who waits for whom, the registers. */

import type { Algorithm, Wait } from './algorithm'
import type { BlockingEdge, Doing, RegisterView, ThreadView } from './types'
import type { Actor, World } from './world'

export interface WorldView {
  readonly registers: readonly RegisterView[]
  readonly threads: readonly ThreadView[]
  readonly edges: readonly BlockingEdge[]
}

export function viewOf(algorithm: Algorithm, world: World): WorldView {
  const { memory, holders } = world.machine
  const waits = new Map<string, Wait>()
  for (const { name } of world.actors) {
    const on = world.machine.frames[name]?.parked
    if (on) waits.set(name, algorithm.wait(memory, name, on, holders))
  }
  return {
    registers: algorithm.registers(memory, holders),
    threads: world.actors.map((actor) => ({
      thread: actor.name,
      doing: doing(world, actor, waits.get(actor.name)),
    })),
    edges: [...waits].flatMap(([from, wait]) => wait.for.map((to) => ({ from, to }))),
  }
}

function doing({ machine, time }: World, actor: Actor, wait: Wait | undefined): Doing {
  const { activity, name } = actor
  switch (activity.kind) {
    case 'done':
      return { kind: 'done' }
    case 'idle':
      return { kind: 'idle', next: activity.due }
    case 'holding': {
      const { since, until, mode } = activity
      return { kind: mode === 'read' ? 'reading' : 'writing', since, until }
    }
    case 'acquiring':
    case 'releasing': {
      const frame = machine.frames[name]
      const { mode } = activity
      if (!frame) throw new Error(`${name} runs no operation`)
      if (frame.parked === null || !wait)
        return { kind: 'running', operation: frame.operation, mode }
      const since = actor.parkedAt ?? time
      return { kind: 'waiting', mode, since, on: frame.parked, for: wait.for, label: wait.label }
    }
  }
}
