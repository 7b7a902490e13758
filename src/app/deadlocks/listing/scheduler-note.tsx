import { useDeferredValue, useMemo } from 'react'
import { useStore } from '../../store'
import { useFrame } from '../use-frames'
import { reachOf, reachWords } from './reach'

/** Whether what goes wrong in the program can still be reached from here. */
export function SchedulerNote() {
  const program = useStore(({ deadlocks }) => deadlocks.program)
  // Looking through thousands of states must not hold up the step that was chosen.
  const state = useDeferredValue(useFrame().state)
  const words = useMemo(
    () => (state.plan.program === program ? reachWords(reachOf(program, state)) : ''),
    [program, state],
  )
  return (
    <p className="scheduler-note" role="status" data-testid="reachable">
      Let one thread after the other step, with the buttons or the number keys; the left arrow takes
      back. <strong>{words}</strong>
    </p>
  )
}
