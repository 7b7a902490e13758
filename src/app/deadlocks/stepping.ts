/**
 * Plays a schedule: so many steps a second, to its end. Nothing moves between two steps, so
 * that reduced motion needs nothing else.
 */

import type { Store } from '../store'

export interface Timers {
  readonly setTimeout: (then: () => void, ms: number) => number
  readonly clearTimeout: (id: number) => void
}

export function stepping(store: Store, timers: Timers): () => void {
  let timer: number | undefined
  const rest = () => {
    if (timer !== undefined) timers.clearTimeout(timer)
    timer = undefined
  }
  const wait = () => {
    timer = timers.setTimeout(() => {
      timer = undefined
      store.getState().deadlocks.advance()
      if (store.getState().deadlocks.playing) wait()
    }, 1000 / store.getState().deadlocks.rate)
  }
  const unsubscribe = store.subscribe(({ deadlocks: now }, { deadlocks: before }) => {
    if (now.playing === before.playing && now.rate === before.rate) return
    rest()
    if (now.playing) wait()
  })
  return () => {
    unsubscribe()
    rest()
  }
}
