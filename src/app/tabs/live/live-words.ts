/** What goes on in a live scene, in a sentence. Pure. */

import type { ActorShown } from '../stage/staging'
import { sinceText } from '../words'
import { type Blow, type Disturbance, type Live, type LiveSceneId, ttl } from './live'

/** What those do who have the lock, and those who want it. */
export const doings: Readonly<
  Record<LiveSceneId, { readonly holds: string; readonly waits: string }>
> = {
  faults: { holds: 'writing', waits: 'waiting' },
  leader: { holds: 'leads', waits: 'candidate' },
  semaphore: { holds: 'has a permit', waits: 'waiting' },
  flight: { holds: 'makes it', waits: 'waits for it' },
}

const running: Readonly<Record<LiveSceneId, string>> = {
  faults: 'They take turns. Freeze or crash the one that writes, and see who comes next, and when.',
  leader: 'They campaign. Let the leader resign, freeze it or crash it.',
  semaphore: 'They work.',
  flight: 'They have asked.',
}

const before: Readonly<Record<LiveSceneId, string>> = {
  faults: `Leases last ${sinceText(ttl)} without a sign of life.`,
  leader: `A leader that gives no sign of life for ${sinceText(ttl)} is replaced.`,
  semaphore: 'Each participant has six jobs.',
  flight: 'The work takes 2 s.',
}

export function liveWords(scene: LiveSceneId, live: Live, actors: readonly ActorShown[]): string {
  const { doing } = live
  if (doing.kind === 'failed') return `It failed: ${doing.why}`
  if (scene === 'flight' && live.landed.length > 0) return flightWords(live, actors)
  switch (doing.kind) {
    case 'none':
      return before[scene]
    case 'running':
      return running[scene]
    case 'cancelled':
      return 'Stopped.'
    case 'done':
      return scene === 'semaphore' ? 'All jobs are done.' : 'Nobody is left who takes part.'
  }
}

function flightWords({ landed }: Live, actors: readonly ActorShown[]): string {
  const works = new Set(landed.map(({ by, made }) => `${by} ${made}`))
  const makers = [...new Set(landed.map(({ by }) => by))].join(' and ')
  const [first] = landed
  const same = works.size === 1 ? `the same result, number ${first?.made}` : 'results'
  return `${landed.length} of ${actors.length} have ${same}: ${makers} made it, ${works.size === 1 ? 'once' : `${works.size} times in all`}.`
}

const suffered: Readonly<Record<Blow, string>> = {
  freeze: 'froze',
  crash: 'crashed',
  close: 'was closed',
  reload: 'was reloaded',
  resign: 'resigned',
}

/** `Frame 2 crashed while it had the lock: Frame 3 had it 4 ms later.` */
export function disturbanceWords({ name, blow, lock, next }: Disturbance): string {
  const [had, nobody] = lock.endsWith(' leader')
    ? ['led', 'nobody leads yet']
    : ['had the lock', 'nobody has it yet']
  const what = `${name} ${suffered[blow]} while it ${had}`
  if (next === undefined) return `${what}: ${nobody}.`
  return `${what}: ${next.name} ${had} ${afterText(next.after)} later.`
}

function afterText(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(2)} s`
}

/** How many bars stand above each other at most. */
export function mostAtOnce(
  spans: readonly { readonly from: number; readonly to?: number }[],
  now: number,
): number {
  const edges = spans.flatMap(({ from, to }) => [
    { at: from, by: 1 },
    { at: to ?? now, by: -1 },
  ])
  // Who leaves at the moment another one comes was not there with it.
  edges.sort((one, other) => one.at - other.at || one.by - other.by)
  let [there, most] = [0, 0]
  for (const { by } of edges) {
    there += by
    most = Math.max(most, there)
  }
  return most
}
