/**
 * Messages among the agents of one lock space. A bus carries questions ("who holds this?"),
 * never decisions: a lost message may cost an answer, not the exclusion.
 */

export interface Bus {
  post(message: unknown): void
  /** Starts to listen; answers a function that stops. */
  listen(listener: (message: unknown) => void): () => void
}

/** For locks that end at the agent: there is nobody else to ask. */
export const noBus: Bus = { post() {}, listen: () => () => {} }

/**
 * A bus over `BroadcastChannel`, which every engine with Web Locks has. It is open while somebody
 * listens, so that a page that never held a lock keeps nothing open, and not while the page is in
 * the back/forward cache: the first message would throw the page out of it.
 */
export function broadcastBus(channelName: string, lifecycle = pageLifecycle()): Bus {
  const listeners = new Set<(message: unknown) => void>()
  let channel: BroadcastChannel | undefined
  const open = () => {
    if (channel !== undefined || listeners.size === 0) return
    channel = new BroadcastChannel(channelName)
    // A Node process may end though it could still answer questions.
    unref(channel)
    channel.onmessage = ({ data }: MessageEvent) => {
      for (const listener of [...listeners]) listener(data)
    }
  }
  const close = () => {
    channel?.close()
    channel = undefined
  }
  lifecycle?.addEventListener('pagehide', close)
  lifecycle?.addEventListener('pageshow', open)
  return {
    post(message) {
      // A page that posts is not in the cache, whatever it was told.
      open()
      channel?.postMessage(message)
    },
    listen(listener) {
      // A function of its own, so that one may listen twice.
      const hear = (message: unknown) => listener(message)
      listeners.add(hear)
      open()
      return () => {
        listeners.delete(hear)
        if (listeners.size === 0) close()
      }
    },
  }
}

function unref(channel: BroadcastChannel & { unref?(): void }): void {
  channel.unref?.()
}

function pageLifecycle(): EventTarget | undefined {
  return typeof window === 'undefined' ? undefined : window
}
