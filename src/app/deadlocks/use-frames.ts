import { useStore } from '../store'
import { type Frame, frameOf, framesOf } from './run'

/** The moments of the schedule that is shown. */
export function useFrames(): readonly Frame[] {
  return useStore(({ deadlocks }) => framesOf(deadlocks.program, deadlocks.schedule))
}

/** The moment that is shown. */
export function useFrame(): Frame {
  return useStore(({ deadlocks }) => frameOf(deadlocks))
}
