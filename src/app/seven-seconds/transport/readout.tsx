import { useCallback, useRef } from 'react'
import type { Moment } from '../../../simulate'
import { useMoment } from '../use-moment'
import { useRun } from '../use-run'
import { seconds } from './clock-text'

/** `3.35 / 8.00 s · step 7 of 18` */
export function Readout() {
  const run = useRun()
  const time = useRef<HTMLSpanElement>(null)
  const step = useRef<HTMLSpanElement>(null)
  const follow = useCallback((moment: Moment) => {
    if (time.current) time.current.textContent = seconds(moment.time)
    if (step.current) step.current.textContent = String(moment.step)
  }, [])
  useMoment(follow)
  return (
    <p className="readout" data-testid="readout">
      <span>
        <span ref={time} /> / {seconds(run.duration)} s
      </span>
      <span className="readout-dot"> · </span>
      <span>
        step <span ref={step} /> of {run.steps.length}
      </span>
    </p>
  )
}
