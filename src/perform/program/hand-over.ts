/** What a second tab is given of a run, and what ends the run from there. */

import { cancelledThere, isCancelWish } from '../cancel-wish'
import type { OpenTab } from '../open-tab'
import type { HostOrder } from './protocol'

interface Share {
  /** Of the program. */
  readonly title: string
  /** Names of those that are played there. */
  readonly threads: readonly string[]
  /** To each of them. */
  readonly ports: readonly MessagePort[]
}

/** @param fail is told why the run cannot go on: the tab has gone, or somebody there has had enough */
export function handOver(tab: OpenTab, share: Share, fail: (reason: unknown) => void): void {
  const { title, threads, ports } = share
  tab.gone.addEventListener('abort', () => fail(tab.gone.reason))
  if (tab.gone.aborted) fail(tab.gone.reason)
  tab.port.onmessage = ({ data }: MessageEvent) => {
    if (isCancelWish(data)) fail(cancelledThere())
  }
  tab.port.postMessage({ type: 'host', title, threads } satisfies HostOrder, [...ports])
}
