import { useEffect, useRef } from 'react'
import { plainText } from '../shell/prose'
import { type State, useStore } from '../store'
import { narrator, pauses } from './narrator'
import { runOf } from './runs'

/** Reads the why of each step to a screen reader, without running ahead of it. */
export function Narration() {
  const region = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    const { say, stop } = narrator(
      (text) => {
        if (region.current) region.current.textContent = text
      },
      {
        now: () => performance.now(),
        setTimeout: (then, ms) => window.setTimeout(then, ms),
        clearTimeout: (id) => window.clearTimeout(id),
      },
    )
    const unsubscribe = useStore.subscribe((state, before) => {
      if (state.moment.step === before.moment.step && state.policy === before.policy) return
      say(sentenceAt(state), state.playing ? pauses.playing : pauses.stepping)
    })
    return () => {
      unsubscribe()
      stop()
    }
  }, [])
  return <p ref={region} className="unseen" aria-live="polite" data-testid="narration" />
}

function sentenceAt({ scenario, policy, moment }: State): string {
  const step = runOf(scenario, policy).steps[moment.step - 1]
  return step
    ? `Step ${step.index + 1}. ${plainText(step.why)}`
    : 'At the start: nothing has happened yet.'
}
