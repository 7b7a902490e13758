/** The real tabs of a workload: opened by one click, used by one run after the other. */

import { type OpenTab, openTab } from '../open-tab'
import { TabError } from '../tab-greeting'

export interface WorkloadTabs {
  readonly count: number
  /** Rejects with what `openTab` rejects with. */
  readonly opened: Promise<readonly OpenTab[]>
  /** Resolves once nothing of them is left. */
  close(): Promise<void>
}

export interface OpenWorkloadTabsOptions {
  /** Of a page that calls `hostWorkloads`; default `tab.html`, beside this page. */
  readonly address?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Opens so many tabs, to be called by the handler of a click, before anything is awaited: browsers let
 * nobody else open tabs, and some only one for each click until the person allows more.
 *
 * @throws RangeError for a count below 0
 */
export function openWorkloadTabs(
  count: number,
  { address = 'tab.html', signal }: OpenWorkloadTabsOptions = {},
): WorkloadTabs {
  if (!Number.isInteger(count) || count < 0) {
    throw new RangeError(`count must be a whole number, 0 or more, got ${count}`)
  }
  const tabs = Array.from({ length: count }, () => openTab({ address, signal }))
  const opened = Promise.all(tabs).catch((error: unknown) => {
    throw count > 1 && error instanceof TabError && error.code === 'blocked' ? several : error
  })
  // Whoever runs a workload in them hears of it; nobody else has to.
  opened.catch(() => {})
  return {
    count,
    opened,
    async close() {
      const settled = await Promise.allSettled(tabs)
      await Promise.all(settled.map((each) => each.status === 'fulfilled' && each.value.close()))
    },
  }
}

const several = new TabError(
  'blocked',
  'The browser did not let this page open all of its tabs. Allow pop-ups for this site, by the sign that it shows beside the address or in its settings, and run again; or take one tab.',
)
