/**
 * A second tab for a run: opened by a click, greeted, watched and closed. It is a tab as a person opens
 * one, with an agent of its own among the locks of the origin.
 */

import type { Hold } from '../locks'
import { startAllowance } from './bound'
import { locksOver } from './run-locks'
import {
  firstMessage,
  isHere,
  type LifeLocks,
  live,
  lives,
  stays,
  TabError,
  watch,
} from './tab-greeting'

/** What a page is asked for by whoever opens a tab from it. */
export type OpeningWindow = Pick<Window, 'open' | 'addEventListener' | 'removeEventListener'>

export interface OpenTabOptions {
  /** Of the page to open, which has to call `greetOpener`; of this page's origin. */
  readonly address: string
  /** Closes the tab: the promise then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined
  /** How long the tab may take to load and greet, in ms (default 30 s). */
  readonly within?: number | undefined
  /** Of reach `origin`: that is where both ends show that they live. */
  readonly locks?: LifeLocks | undefined
  /** Where the tab has to greet from (default: this page's origin). */
  readonly origin?: string | undefined
  readonly opener?: OpeningWindow | undefined
}

export interface OpenTab {
  /** To the tab. What arrives is kept until a listener is set. */
  readonly port: MessagePort
  /** Aborts with a `TabError` as soon as the tab is closed, reloaded or has crashed. */
  readonly gone: AbortSignal
  /** Resolves once nothing of the tab is left, as far as that can be told in 5 s. */
  close(): Promise<void>
  /** Has no more to do with it: it was reloaded, and is another one by now. */
  leave(): void
}

/** How long a closed tab may take to let go of everything, in ms. */
const patience = 5_000

/** Between two looks whether a tab that has not greeted yet was closed, in ms. */
const glance = 200

/**
 * Opens a tab and resolves when it has greeted. To be called by the handler of a click, before anything
 * is awaited: browsers let nobody else open tabs, and often only one for each click.
 *
 * Rejects with `TabError`: `blocked`, `silent` (after `within`), or `gone` (closed before it greeted);
 * and with `signal.reason`. No tab is left then.
 *
 * @example
 * const tab = await openTab({ address: 'tab.html', signal })
 * tab.port.postMessage({ type: 'work' })
 */
export async function openTab(options: OpenTabOptions): Promise<OpenTab> {
  const { address, signal, within = startAllowance, opener = window } = options
  const { origin = location.origin } = options
  signal?.throwIfAborted()
  const tab = opener.open(address, '_blank')
  if (tab === null) throw new TabError('blocked', blocked)
  const { locks = locksOver(undefined) } = options
  const life = `latchkey tab ${Math.random().toString(36).slice(2)}`
  const limit = limited(tab, signal, within)
  const living = live(locks, lives.page(life))
  try {
    const [port] = await Promise.all([greeting({ opener, tab, origin }, limit.signal), living])
    const talk = new MessageChannel()
    port.postMessage({ type: 'welcome', life }, [talk.port2])
    const { data } = await firstMessage(port, limit.signal)
    if (data?.type !== stays.type) throw new TypeError('the tab answered what it should not')
    port.close()
    return opened(tab, talk.port1, await living, locks, life)
  } catch (error) {
    tab.close()
    living.then((hold) => hold[Symbol.dispose]()).catch(() => {})
    throw error
  } finally {
    limit.lift()
  }
}

const blocked =
  'The browser did not let this page open a tab. Allow pop-ups for this site, by the sign that it shows beside the address or in its settings, and run again.'

const closed = new TabError('gone', 'The second tab was closed before the run had ended.')

function opened(
  tab: Window,
  port: MessagePort,
  own: Hold,
  locks: LifeLocks,
  life: string,
): OpenTab {
  const end = new AbortController()
  const gone = watch(locks, lives.tab(life), end.signal, closed)
  const letGo = () => {
    port.close()
    // It closes itself when nobody is there for it any more, should it not let itself be closed.
    own[Symbol.dispose]()
  }
  return {
    port,
    gone,
    async close() {
      letGo()
      tab.close()
      await settled(gone)
      end.abort()
    },
    leave() {
      letGo()
      end.abort()
    },
  }
}

/** Resolves when the tab has gone, or has taken too long for it. */
function settled(gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (gone.aborted) resolve()
    const timer = setTimeout(resolve, patience)
    gone.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

interface Expected {
  readonly opener: OpeningWindow
  readonly tab: Window
  readonly origin: string
}

/** The port that comes with the tab's greeting. Rejects with `limit.reason`. */
function greeting(expected: Expected, limit: AbortSignal): Promise<MessagePort> {
  const { opener, tab } = expected
  return new Promise((resolve, reject) => {
    const hear = ({ source, origin, data, ports }: MessageEvent) => {
      const [port] = ports
      // A window stays the same when it goes elsewhere, by a redirect or by whoever sits before it.
      if (source !== tab || origin !== expected.origin || !isHere(data) || !port) return
      opener.removeEventListener('message', hear)
      resolve(port)
    }
    opener.addEventListener('message', hear)
    limit.addEventListener('abort', () => {
      opener.removeEventListener('message', hear)
      reject(limit.reason)
    })
  })
}

/** Aborts when the tab takes too long to greet, or is closed before it has. */
function limited(tab: Window, signal: AbortSignal | undefined, within: number) {
  const limit = new AbortController()
  const follow = () => limit.abort(signal?.reason)
  signal?.addEventListener('abort', follow, { once: true })
  const look = setInterval(() => tab.closed && limit.abort(closed), glance)
  const words = `The second tab did not answer within ${(within / 1000).toFixed(1)} s.`
  const timer = setTimeout(() => limit.abort(new TabError('silent', words)), within)
  const lift = () => {
    signal?.removeEventListener('abort', follow)
    clearInterval(look)
    clearTimeout(timer)
    // Whoever still listens stops.
    limit.abort()
  }
  return { signal: limit.signal, lift }
}
