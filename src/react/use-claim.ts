/** A component's claim: wanted from its commit to its unmount, and shown in between. */

import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { Hold } from '../locks/hold'
import { type Ask, Claim, type Handle } from './claim'
import { type Identity, sameIdentity } from './lock-identity'

interface Wish<H extends Hold> {
  readonly identity: Identity
  readonly claim: Claim<H>
}

/**
 * Asks in an effect, so that nothing is asked for on a server, nor by a component that suspends
 * before it is committed, and gives back in the effect's cleanup: Strict Mode, Fast Refresh and
 * `<Activity>` run it as often as they like.
 *
 * @param ask of the latest render; a wait or hold that is under way goes on as it was asked for
 */
export function useClaim<H extends Hold>(
  identity: Identity,
  enabled: boolean,
  ask: Ask<H>,
): Handle<H> {
  const [wish, setWish] = useState<Wish<H>>(() => ({ identity, claim: new Claim() }))
  let { claim } = wish
  if (!sameIdentity(wish.identity, identity)) {
    // In this very render, so that nobody sees the hold of one lock beside the name of another.
    claim = new Claim()
    setWish({ identity, claim })
  }
  const latest = useRef(ask)
  useEffect(() => {
    latest.current = ask
  })
  useEffect(() => {
    if (!enabled) return
    claim.start((signal) => latest.current(signal))
    return () => claim.stop()
  }, [claim, enabled])
  return useSyncExternalStore(claim.subscribe, claim.current, claim.onServer)
}
