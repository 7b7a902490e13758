/** Leadership that a page campaigns for while a component is mounted. */

import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { Hold } from '../locks/hold'
import type { Leader } from '../locks/leader'
import { campaignOf } from './campaign'
import type { ClaimState } from './claim'

export interface UseLeaderOptions {
  /** Whether to campaign. Default true; `false` resigns. */
  readonly enabled?: boolean | undefined
}

/** What `useLeader` answers: the same object until something changes. */
export type LeaderHandle = ClaimState<Hold> & {
  readonly isLeader: boolean
  /** The fencing token of this leadership, while it leads. */
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
 * `status` is as that of `useLock`: `held` while it leads. What only the leader may write should carry
 * its `fence`.
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
  const campaign = campaignOf(leader)
  const { claim } = campaign
  useEffect(() => (enabled ? campaign.join() : undefined), [campaign, enabled])
  const handle = useSyncExternalStore(claim.subscribe, claim.current, claim.onServer)
  return useMemo(() => {
    const { release, retry, ...state } = handle
    const isLeader = state.status === 'held'
    return { ...state, isLeader, fence: state.hold?.fence, resign: release, campaign: retry }
  }, [handle])
}
