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
 * A bus over `BroadcastChannel`, which every engine with Web Locks has. It opens with its first
 * listener, so that a page that never held a lock keeps nothing open.
 */
export function broadcastBus(channelName: string): Bus {
  let channel: BroadcastChannel | undefined
  return {
    post(message) {
      channel?.postMessage(message)
    },
    listen(listener) {
      const hear = ({ data }: MessageEvent) => listener(data)
      channel ??= new BroadcastChannel(channelName)
      channel.addEventListener('message', hear)
      return () => channel?.removeEventListener('message', hear)
    },
  }
}
