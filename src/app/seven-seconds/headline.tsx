import { type Scenario, sevenSeconds } from '../../scenario'
import { policies } from '../../simulate'
import { useStore } from '../store'
import { entryOf } from './entry'

/** The question the picture answers, and a sentence to look at it with. */
export function Headline() {
  const scenario = useStore((state) => state.scenario)
  const policy = useStore((state) => state.policy)
  const entry = entryOf(scenario)
  const about = entry?.policy === policy ? entry.about : policies[policy].about
  return (
    <div className="headline">
      <h1>{questionOf(scenario)}</h1>
      <p>
        {entry?.id === sevenSeconds.id && policy === entry.policy && (
          <>
            Seven seconds in the life of Go’s <code>sync.RWMutex</code>.{' '}
          </>
        )}
        {about}
      </p>
    </div>
  )
}

export function questionOf(scenario: Scenario): string {
  return entryOf(scenario)?.question ?? 'Who waits for whom, and why?'
}
