/**
 * Takes a lock from holders whose leases have run out, and leaves it to whoever waits first: the
 * thief takes no advantage, so the order of waiting stays, and there is one theft however many wait.
 */

import { noBus } from '../ports/bus'
import type { Space } from '../space'
import { Errand } from './errand'
import { LeaseKeeper } from './keeper'
import { type Leases, leasesOf, type Marker, markerName, readMarker } from './marker'
import { type Answer, isAnswer, type Question } from './protocol'
import { inTurn, within } from './turn'

/** A thief that stands still with the lock in its hands loses it as others do. In ms. */
const thiefLease = 5000
/** How long a holder has to say that it is there, in ms: a quarter of its lease, within these. */
const leastPatience = 100
const mostPatience = 1000

/**
 * @param lock as the mechanism knows it
 * @param leases by which it is held; all have run out, by the clock
 */
export async function rob(space: Space, lock: string, leases: Leases): Promise<void> {
  const known = new Set(leases.all.map(markerName))
  if (await isVouchedFor(space, leases.all)) return
  space.leases ??= new LeaseKeeper(space)
  const own = space.leases.port(thiefLease, false)
  const taken: Errand[] = []
  try {
    await inTurn(space, lock, async (seen) => {
      const now = leasesOf(seen, lock)
      // Released, renewed or robbed meanwhile.
      if (!now?.all.every((marker) => known.has(markerName(marker)))) return
      const beside = seen.held.filter(({ name }) => isOf(name, lock, now.ids))
      taken.push(new Errand(own, lock, true).send())
      // With it goes what tells of these leases: they are over.
      for (const { name } of beside) taken.push(new Errand(space.ports.strict, name, true).send())
      await Promise.all(taken.map(({ done }) => done))
      // What ran out meanwhile is given back in a turn of its own.
      const [main] = taken
      if (main !== undefined && space.leases?.of(main)?.isCurrent) end(taken)
    })
  } finally {
    end(taken)
  }
}

function end(taken: Errand[]): void {
  for (const errand of taken.splice(0)) errand.end()
}

function isOf(name: string, lock: string, ids: ReadonlySet<string>): boolean {
  const marker = readMarker(name)
  return marker?.lock === lock && ids.has(marker.id)
}

/** Whether one of the holders says that it is there: clocks may be set, and computers sleep. */
async function isVouchedFor(space: Space, leases: readonly Marker[]): Promise<boolean> {
  const ids = leases.map(({ id }) => id)
  const left = new Set(ids)
  let lives = false
  const hear = (answer: Pick<Answer, 'lives' | 'lapsed'>) => {
    lives ||= answer.lives
    for (const id of answer.lapsed) left.delete(id)
    return lives || left.size === 0
  }
  const own = space.leases?.vouch(ids)
  if (own !== undefined && hear(own)) return lives
  const { bus } = space.ports.strict
  if (bus === noBus) return false
  const id = space.nextId()
  const ttl = Math.min(...leases.map((lease) => lease.ttl))
  const patience = Math.min(mostPatience, Math.max(leastPatience, ttl / 4))
  let stopListening = () => {}
  const answered = new Promise<void>((resolve) => {
    stopListening = bus.listen((message) => {
      if (isAnswer(message) && message.id === id && hear(message)) resolve()
    })
  })
  bus.post({ latchkey: 1, type: 'lease', id, leases: ids } satisfies Question)
  await within(space, patience, answered)
  stopListening()
  return lives
}
