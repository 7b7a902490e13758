/** Leadership that a page campaigns for while a component is mounted. */

import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import type { Hold } from '../locks/hold'
import type { Leader } from '../locks/leader'
import { campaignsOf, idle } from './campaign'
import type { ClaimState } from './claim'

export interface UseLeaderOptions {
  /** Whether to campaign. Default true; `false` resigns. */
  readonly enabled?: boolean | undefined
}

/** What `useLeader` answers: the same object until something changes. */
export type LeaderHandle = ClaimState<Hold> & {
  /**
   * Whether it leads, as far as the page has heard: unlike `leader.isLeader` this does not become
   * `false` by itself when the lease runs out by the page's own clock.
   */
  readonly isLeader: boolean
  /** The fencing token of this leadership, for as long as `isLeader` says so. */
  readonly fence: number | undefined
  /** Gives the leadership back, for all components of the page. Nobody here stands again by himself. */
  readonly resign: () => void
  /** Stands again after `resign` or a failure. */
  readonly campaign: () => void
}

/**
 * Campaigns for as long as the component is mounted, and resigns when it is unmounted. Components of
 * one page that name the same leader share one candidate: all of them lead, or none does. After a loss
 * the page stands again by itself, at the end of the queue.
 *
 * `status` is as that of `useLock`: `held` while it leads. A page that was frozen may show so for a
 * moment when it wakes up, until it hears that it was replaced: what only the leader may write should
 * carry its `fence`.
 *
 * @param leader may be made while rendering: it is known by its name. Of components that give it
 *   different options, the first ones' hold
 * @throws TypeError while rendering for what is no leader
 * @example
 * export function Sync() {
 *   const { isLeader } = useLeader(locks.leader('sync'))
 *   return <p>{isLeader ? 'This tab syncs' : 'Another tab syncs'}</p>
 * }
 */
export function useLeader(leader: Leader, options: UseLeaderOptions = {}): LeaderHandle {
  const { enabled = true } = options
  const campaigns = campaignsOf(leader)
  const { name } = leader
  const latest = useRef(leader)
  useEffect(() => {
    latest.current = leader
  })
  useEffect(
    () => (enabled ? campaigns.join(name, latest.current) : undefined),
    [campaigns, name, enabled],
  )
  const handle = useSyncExternalStore(
    useCallback((changed: () => void) => campaigns.subscribe(name, changed), [campaigns, name]),
    () => campaigns.current(name),
    () => idle,
  )
  return useMemo(() => {
    const { release: _release, retry: _retry, ...state } = handle
    return {
      ...state,
      isLeader: state.status === 'held',
      fence: state.hold?.fence,
      resign: () => campaigns.act(name, 'release'),
      campaign: () => campaigns.act(name, 'retry'),
    }
  }, [handle, campaigns, name])
}
