import { Narration } from '../shell/narration'
import { plainText } from '../shell/prose'
import type { State } from '../store'
import { runOf } from './runs'

/** The why of each step. */
export function WhyNarration() {
  return <Narration sentence={newSentence} plays={plays} />
}

const plays = ({ playing }: State) => playing

function newSentence(state: State, before: State): string | undefined {
  const isSame = state.moment.step === before.moment.step && state.policy === before.policy
  return isSame ? undefined : sentenceAt(state)
}

function sentenceAt({ scenario, policy, moment }: State): string {
  const step = runOf(scenario, policy).steps[moment.step - 1]
  return step
    ? `Step ${step.index + 1}. ${plainText(step.why)}`
    : 'At the start: nothing has happened yet.'
}
