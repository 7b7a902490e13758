import { useEffect, useRef } from 'react'
import { type State, useStore } from '../store'
import { narrator, pauses } from './narrator'

interface NarrationProps {
  /** What is to be said, if anything: the same function each time. */
  readonly sentence: (state: State, before: State) => string | undefined
  readonly plays: (state: State) => boolean
}

/** Reads each step to a screen reader, without running ahead of it. */
export function Narration({ sentence, plays }: NarrationProps) {
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
      const text = sentence(state, before)
      if (text !== undefined) say(text, plays(state) ? pauses.playing : pauses.stepping)
    })
    return () => {
      unsubscribe()
      stop()
    }
  }, [sentence, plays])
  return <p ref={region} className="unseen" aria-live="polite" data-testid="narration" />
}
