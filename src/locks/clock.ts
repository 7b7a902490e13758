/** Time, passed in so that tests can run on a virtual clock. Milliseconds throughout. */
export interface Clock {
  /** Steady, as fine as the engine has it. A reading may cost more than a whole lock. */
  now(): number
  /** Since the epoch, whole milliseconds: ten times cheaper, but it follows the wall clock. */
  coarse(): number
  /**
   * Calls back after at least `delay`; answers what cancels it.
   * @param made hears of the engine's own timer, each time that one is set
   */
  after(delay: number, callback: () => void, made?: (timer: unknown) => void): () => void
  /**
   * Calls back in the next turn of the event loop, also in a hidden page.
   * @param urgent false: in one of the next, when there is time, and in a hidden page maybe later
   */
  soon(callback: () => void, urgent?: boolean): void
}

/** `setTimeout` takes 2^31 - 1 ms at most, 24.8 days: what is longer goes in parts of so many. */
const longestDelay = 2e9

/** Node's ports keep their process alive while they listen: ours only while somebody waits. */
type OwnPort = MessagePort & { ref?(): void; unref?(): void }

/** Messages to oneself are not throttled, as timers are; the channel opens with the first one. */
let channel: { readonly port1: OwnPort; readonly port2: MessagePort } | undefined
const due: (() => void)[] = []

export const systemClock: Clock = {
  now: () => performance.now(),
  coarse: () => Date.now(),
  after(delay, callback, made) {
    let timer: ReturnType<typeof setTimeout>
    const arm = (left: number) => {
      const rest = left - longestDelay
      timer = rest > 0 ? setTimeout(arm, longestDelay, rest) : setTimeout(callback, left)
      made?.(timer)
    }
    arm(delay)
    return () => clearTimeout(timer)
  },
  soon(callback, urgent = true) {
    if (!urgent) {
      setTimeout(callback, 1)
      return
    }
    if (channel === undefined) {
      channel = new MessageChannel()
      channel.port1.onmessage = () => {
        const first = due.shift()
        if (due.length === 0) channel?.port1.unref?.()
        first?.()
      }
    }
    due.push(callback)
    channel.port1.ref?.()
    channel.port2.postMessage(null)
  },
}
