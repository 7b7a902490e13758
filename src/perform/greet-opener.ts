/** The other end of `openTab`: what the page in the opened tab says to the one that opened it. */

import { locksOver } from './run-locks'
import {
  firstMessage,
  here,
  isWelcome,
  type LifeLocks,
  live,
  lives,
  stays,
  TabError,
  watch,
} from './tab-greeting'

export interface GreetOpenerOptions {
  /** How long the opener may take to answer, in ms (default 10 s). */
  readonly within?: number | undefined
  /** Of reach `origin`: that is where both ends show that they live. */
  readonly locks?: LifeLocks | undefined
  /** The window that opened this one. */
  readonly opener?: Pick<Window, 'postMessage'> | null | undefined
  /** Whom to greet, whatever the opener shows by now. */
  readonly origin?: string | undefined
}

export interface OpenedTab {
  /** To the page that opened this tab. What arrives is kept until a listener is set. */
  readonly port: MessagePort
  /** Aborts with a `TabError` once that page has gone, or wants nothing more of this tab. */
  readonly gone: AbortSignal
}

/**
 * Resolves when the page that opened this tab has answered. From then on the tab's life is a lock: it ends
 * with the tab, however that ends.
 *
 * Rejects with `TabError` `alone` where nobody opened this tab, or nobody answers `within`: it was
 * reloaded, or kept when its run was over.
 */
export async function greetOpener(options: GreetOpenerOptions = {}): Promise<OpenedTab> {
  const { within = 10_000, opener = window.opener as Window | null } = options
  const { origin = location.origin, locks = locksOver(undefined) } = options
  const alone = new TabError('alone', 'No page that runs anything answers this tab.')
  if (opener === null) throw alone
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(alone), within)
  try {
    const { port1, port2 } = new MessageChannel()
    opener.postMessage(here, origin, [port2])
    const { data, ports } = await firstMessage(port1, limit.signal)
    const [port] = ports
    if (!isWelcome(data) || port === undefined) throw alone
    await live(locks, lives.tab(data.life))
    port1.postMessage(stays)
    // For as long as this tab is there.
    const { signal } = new AbortController()
    return { port, gone: watch(locks, lives.page(data.life), signal, over) }
  } finally {
    clearTimeout(timer)
  }
}

const over = new TabError('gone', 'The page that opened this tab needs it no longer.')
