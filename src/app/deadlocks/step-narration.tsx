import { Narration } from '../shell/narration'
import type { State } from '../store'
import { framesOf } from './run'
import { stepWords, verdictOf } from './words'

/** Each step and what it led to. */
export function StepNarration() {
  return <Narration sentence={newSentence} plays={plays} />
}

const plays = ({ deadlocks }: State) => deadlocks.playing

function newSentence(state: State, before: State): string | undefined {
  const [now, then] = [state.deadlocks, before.deadlocks]
  const isSame = now.position === then.position && now.schedule === then.schedule
  return isSame ? undefined : sentenceAt(state)
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
