/** Many small pieces of news, told at most so often: the page draws, it does not keep up. */

export interface TickClock {
  readonly now: () => number
  readonly setTimeout: (then: () => void, ms: number) => number
  readonly clearTimeout: (id: number) => void
}

export interface Ticker {
  /** There is something new. */
  readonly note: () => void
  /** Tells what is still untold, and nothing after. */
  readonly stop: () => void
}

export function ticker(tell: () => void, every: number, clock: TickClock): Ticker {
  let told = Number.NEGATIVE_INFINITY
  let timer: number | undefined
  let stopped = false
  const now = () => {
    timer = undefined
    told = clock.now()
    tell()
  }
  return {
    note: () => {
      if (stopped || timer !== undefined) return
      const wait = told + every - clock.now()
      if (wait <= 0) now()
      else timer = clock.setTimeout(now, wait)
    },
    stop: () => {
      stopped = true
      if (timer === undefined) return
      clock.clearTimeout(timer)
      now()
    },
  }
}
