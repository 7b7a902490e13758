import { type PointerEvent, useCallback, useRef } from 'react'
import type { Moment } from '../../../simulate'
import { useStore } from '../../store'
import { momentAt } from '../moments'
import { useMoment } from '../use-moment'
import { useRun } from '../use-run'
import { seconds } from './clock-text'

/**
 * The slider of time. Its arrow, Home and End keys are the page's own (one step, shift: one
 * second), so that they do the same wherever the focus is.
 */
export function Scrub() {
  const run = useRun()
  const slider = useRef<HTMLDivElement>(null)
  const follow = useCallback(
    ({ time, step }: Moment) => {
      const element = slider.current
      if (!element) return
      element.style.setProperty('--at', String(time / run.duration))
      element.setAttribute('aria-valuenow', String(Math.round(time)))
      element.setAttribute(
        'aria-valuetext',
        `${seconds(time)} seconds, step ${step} of ${run.steps.length}`,
      )
    },
    [run],
  )
  useMoment(follow)

  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (event.type === 'pointermove' && event.buttons !== 1) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const box = event.currentTarget.getBoundingClientRect()
    const time = ((event.clientX - box.left) / box.width) * run.duration
    useStore.getState().goTo(momentAt(run, time))
  }
  return (
    <div
      ref={slider}
      className="scrub"
      role="slider"
      tabIndex={0}
      aria-label="Moment"
      aria-valuemin={0}
      aria-valuemax={run.duration}
      aria-valuenow={0}
      onPointerDown={drag}
      onPointerMove={drag}
    >
      <div className="scrub-track" />
      <div className="scrub-done" />
      <div className="scrub-thumb" />
    </div>
  )
}
