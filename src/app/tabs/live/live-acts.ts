/** Starts what goes on by itself, and disturbs it. */

import {
  epochNow,
  type FromActor,
  forgetLogs,
  logsOf,
  type Participant,
} from '../../../perform/tabs'
import { background } from '../../deadlocks/explore/background'
import type { ActorShown, Staging } from '../stage/staging'
import {
  answered,
  type Blow,
  type Disturbance,
  frozenFor,
  jobs,
  type Live,
  type LiveSceneId,
  lockOfScene,
  noLive,
  serving,
  takes,
  ttl,
} from './live'

/** What these acts need of the page's state. */
export interface LiveWorld {
  readonly people: Staging
  readonly gathered: () => Promise<void>
  readonly live: () => Live
  readonly change: (part: Partial<Live>) => void
  readonly actors: () => readonly ActorShown[]
}

export interface LiveActs {
  readonly start: (scene: LiveSceneId) => void
  readonly stop: () => void
  readonly disturb: (scene: LiveSceneId, participant: number, blow: Blow) => void
  readonly told: (participant: number, message: FromActor) => void
}

/** Writes that are kept. */
const most = 500

export function liveActs({ people, gathered, live, change, actors }: LiveWorld): LiveActs {
  const doing = background((doing: Live['doing']) => change({ doing }))
  /** Resolves when the participant is through with its part. */
  const begin = async (scene: LiveSceneId, participant: Participant, at: number) => {
    switch (scene) {
      case 'faults':
        return participant.order('serve', { ...serving, database: logsOf(await people.name()) })
      case 'leader':
        return participant.order('campaign', { ttl })
      case 'semaphore':
        return participant.order('work', { permits: live().permits, ...jobs })
      case 'flight': {
        const landed = await participant.order('fly', { takes })
        change({ landed: [...live().landed, { ...landed, participant: at }] })
      }
    }
  }
  const all = async (scene: LiveSceneId, ready: Promise<void>, signal: AbortSignal) => {
    await ready
    signal.throwIfAborted()
    const there = people.participants()
    const stop = () => {
      for (const each of there) each.stop()
    }
    signal.addEventListener('abort', stop)
    if (scene === 'faults') await forgetLogs(await people.name())
    const parts = there.map((each, at) =>
      each.state.kind === 'here' ? begin(scene, each, at) : undefined,
    )
    const ended = await Promise.allSettled(parts)
    const failed = ended.find((each) => each.status === 'rejected' && each.reason.name !== 'gone')
    // Who was killed on purpose has not failed.
    if (failed?.status === 'rejected') throw failed.reason
    return undefined
  }
  const strike = async (participant: Participant, blow: Blow): Promise<number> => {
    const now = epochNow()
    switch (blow) {
      case 'crash':
        return participant.crash()
      case 'close':
        return participant.close()
      case 'reload':
        return participant.reload()
      case 'freeze':
        participant.order('freeze', { ms: frozenFor }).catch(() => {})
        return now
      case 'resign':
        participant.order('resign', undefined).catch(() => {})
        return now
    }
  }
  return {
    start: (scene) => {
      const ready = gathered()
      change({ ...noLive, permits: live().permits })
      doing.begin(({ signal }) => all(scene, ready, signal))
    },
    stop: () => doing.cancel(),
    disturb: (scene, at, blow) => {
      const participant = people.participants()[at]
      const actor = actors()[at]
      if (participant === undefined || actor === undefined) return
      const wanted = lockOfScene(scene)
      const held = [...actor.track.open].find(({ kind, lock }) => kind !== 'wait' && wanted(lock))
      const { name } = participant
      const seen = { name, participant: at, blow, at: epochNow(), lock: held?.lock ?? '' }
      if (held) change({ disturbances: [...live().disturbances, seen] })
      strike(participant, blow).then(
        (struck) => {
          if (held) change({ disturbances: live().disturbances.map(moved(seen, struck)) })
          // Whoever comes back takes part again.
          const again = blow === 'reload' && live().doing.kind === 'running'
          if (again) begin(scene, participant, at).catch(() => {})
        },
        () => {},
      )
    },
    told: (at, message) => {
      const { disturbances, writes } = live()
      if (message.type === 'wrote') {
        change({ writes: [...writes, { ...message.wrote, participant: at }].slice(-most) })
      }
      if (message.type !== 'events') return
      const name = actors()[at]?.name ?? ''
      const next = message.events.reduce(
        (known, event) => answered(known, at, name, event),
        disturbances,
      )
      if (next.some((each, place) => each !== disturbances[place])) change({ disturbances: next })
    },
  }
}

/** The worker's own end says more exactly when it was. */
const moved = (seen: Disturbance, at: number) => (each: Disturbance) => {
  if (each.at !== seen.at || each.participant !== seen.participant) return each
  const { next } = each
  if (next === undefined) return { ...each, at }
  return { ...each, at, next: { ...next, after: Math.max(0, next.after - (at - seen.at)) } }
}
