/** The real tabs of a workload: opened by one click, used by one run after the other. */

import { cancelledThere, isCancelWish } from '../cancel-wish'
import { type OpenTab, openTab } from '../open-tab'
import { TabError } from '../tab-greeting'

export interface WorkloadTabs {
  readonly count: number
  /** Rejects with what `openTab` rejects with. */
  readonly opened: Promise<readonly OpenTab[]>
  /**
   * Aborts when `signal` does, and with an `AbortError` when somebody in one of the tabs has had enough:
   * whatever runs in them ends then, and nothing more is run.
   */
  readonly ended: AbortSignal
  /** Resolves once nothing of them is left. */
  close(): Promise<void>
}

export interface OpenWorkloadTabsOptions {
  /** Of a page that calls `hostWorkloads`; default `tab.html`, beside this page. */
  readonly address?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Opens one of them; default `openTab`. */
  readonly open?: typeof openTab | undefined
}

/**
 * Opens so many tabs, to be called by the handler of a click, before anything is awaited: browsers let
 * nobody else open tabs, and some only one for each click until the person allows more.
 *
 * @throws RangeError for a count below 0
 */
export function openWorkloadTabs(
  count: number,
  { address = 'tab.html', signal, open = openTab }: OpenWorkloadTabsOptions = {},
): WorkloadTabs {
  if (!Number.isInteger(count) || count < 0) {
    throw new RangeError(`count must be a whole number, 0 or more, got ${count}`)
  }
  const end = new AbortController()
  const follow = () => end.abort(signal?.reason)
  if (signal?.aborted) follow()
  signal?.addEventListener('abort', follow, { once: true })
  const tabs = Array.from({ length: count }, async () => {
    const tab = await open({ address, signal: end.signal })
    hearCancelling(tab, end)
    return tab
  })
  const opened = Promise.all(tabs).catch((error: unknown) => {
    throw count > 1 && error instanceof TabError && error.code === 'blocked' ? several : error
  })
  // Whoever runs a workload in them hears of it; nobody else has to.
  opened.catch(() => {})
  return {
    count,
    opened,
    ended: end.signal,
    async close() {
      signal?.removeEventListener('abort', follow)
      const settled = await Promise.allSettled(tabs)
      await Promise.all(settled.map((each) => each.status === 'fulfilled' && each.value.close()))
    },
  }
}

/** From the first moment on, between two runs as well: the listener goes with the tab's port. */
function hearCancelling({ port }: OpenTab, end: AbortController): void {
  port.addEventListener('message', ({ data }) => {
    if (isCancelWish(data)) end.abort(cancelledThere())
  })
  port.start()
}

const several = new TabError(
  'blocked',
  'The browser did not let this page open all of its tabs. Allow pop-ups for this site, by the sign that it shows beside the address or in its settings, and run again; or take one tab.',
)
