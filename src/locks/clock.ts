/** Time, passed in so that tests can run on a virtual clock. Milliseconds throughout. */
export interface Clock {
  /** Steady, as fine as the engine has it. A reading may cost more than a whole lock. */
  now(): number
  /** Since the epoch, whole milliseconds: ten times cheaper, but it follows the wall clock. */
  coarse(): number
  /**
   * Calls back after at least `delay`; answers what cancels it.
   * @param idle a Node process may end before
   */
  after(delay: number, callback: () => void, idle?: boolean): () => void
  /** Calls back in the next turn of the event loop, also in a hidden page. */
  soon(callback: () => void): void
}

/** The longest delay `setTimeout` takes: 2^31 - 1 ms, 24.8 days. */
const longestDelay = 2_147_483_647

/** Node's ports keep their process alive while they listen: ours only while somebody waits. */
type OwnPort = MessagePort & { ref?(): void; unref?(): void }

/** Messages to oneself are not throttled, as timers are; the channel opens with the first one. */
let channel: { readonly port1: OwnPort; readonly port2: MessagePort } | undefined
const due: (() => void)[] = []

export const systemClock: Clock = {
  now: () => performance.now(),
  coarse: () => Date.now(),
  after(delay, callback, idle) {
    let left = delay
    let timer: ReturnType<typeof setTimeout> & { unref?(): void }
    const arm = () => {
      const part = Math.min(left, longestDelay)
      left -= part
      timer = setTimeout(left > 0 ? arm : callback, part)
      if (idle) timer.unref?.()
    }
    arm()
    return () => clearTimeout(timer)
  },
  soon(callback) {
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
