import { Narration } from '../../shell/narration'
import type { State } from '../../store'
import { spanOf, spanWords } from '../lanes/selection'
import { sideName } from '../names'
import { shownRun } from '../slice'
import { measuresOf, waitText } from './measures'

/** What is chosen on the lanes, and what came of a run. */
export function RunNarration() {
  return <Narration sentence={newSentence} plays={plays} />
}

const plays = ({ contention }: State) => contention.running.kind === 'running'

export function newSentence(state: State, before: State): string | undefined {
  const [now, then] = [state.contention, before.contention]
  if (now.selection !== then.selection && now.selection) {
    const lanes = shownRun(now)?.lanes
    const span = lanes && spanOf(lanes, now.selection)
    return span && spanWords(lanes, span, (agent) => lanes.agents[agent] ?? '?')
  }
  if (now.running.kind === 'done' && then.running.kind === 'running') {
    return (['a', 'b'] as const)
      .flatMap((side) => {
        const run = now.runs[side]
        if (!run) return []
        const { done, p50, p99, lost } = measuresOf(run)
        const which = now.b ? `${sideName[side]}: ` : ''
        const loss = lost > 0 ? ` ${lost} updates were lost.` : ''
        return [
          `${which}${done} sections done. Half waited less than ${waitText(p50)}, 99 of 100 less than ${waitText(p99)}.${loss}`,
        ]
      })
      .join(' ')
  }
  return undefined
}
