import { useEffect, useRef } from 'react'
import { narrator, pauses } from '../seven-seconds/narrator'
import { type State, useStore } from '../store'
import { framesOf } from './run'
import { stepWords, verdictOf } from './words'

/** Reads each step to a screen reader, without running ahead of it. */
export function StepNarration() {
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
      const [now, then] = [state.deadlocks, before.deadlocks]
      if (now.position === then.position && now.schedule === then.schedule) return
      say(sentenceAt(state), now.playing ? pauses.playing : pauses.stepping)
    })
    return () => {
      unsubscribe()
      stop()
    }
  }, [])
  return <p ref={region} className="unseen" aria-live="polite" data-testid="narration" />
}

export function sentenceAt({ deadlocks }: State): string {
  const { program, schedule, position } = deadlocks
  const frames = framesOf(program, schedule)
  const [before, after] = [frames[position - 1], frames[position]]
  const thread = schedule[position - 1]
  if (!before || !after || thread === undefined) {
    return 'At the start: nobody has taken a step yet.'
  }
  const ended = position === schedule.length ? verdictOf(frames)?.text : undefined
  const words = stepWords(program, before, after, thread)
  // The step that closes a cycle has said so already.
  return `Step ${position}. ${words}${ended && !after.cycle ? ` ${ended}` : ''}`
}
