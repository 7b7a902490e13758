import { CircleCheck, CircleHelp, CircleX } from 'lucide-react'
import type { Exploration, Property, PropertyId } from '../../../simulate'
import { keepFocus } from '../../shell/keep-focus'
import { useStore } from '../../store'
import type { Beside, Found } from './exploration'
import { countText, percentText, plural } from './figures'
import { outcomeNames } from './outcome-names'

/** What exploring has found: the outcomes as bars, and what holds on every schedule. */
export function Findings({ found, beside }: Found) {
  return (
    <>
      <p className="explore-about" role="status" data-testid="explored">
        {found.kind === 'exact' ? (
          <>
            <strong>All {plural(found.schedules, 'schedule')}</strong>, through{' '}
            {plural(found.states, 'state')}. The bars say how likely each end is when every step is
            drawn at random; choose one to watch the shortest way there.
          </>
        ) : (
          <>
            <strong>An estimate.</strong> There are more than {countText(found.limit)} states, so{' '}
            {countText(found.samples)} schedules were drawn at random instead.{' '}
            {found.allOutcomes
              ? 'These ends are all there are: a smaller graph without needless orders shows it.'
              : 'What was not drawn may still exist.'}
          </>
        )}
      </p>
      <Outcomes found={found} />
      {beside && <Against beside={beside} />}
      <ul className="properties" aria-label="Properties">
        {found.properties.map((property) => (
          <PropertyLine key={property.id} property={property} />
        ))}
      </ul>
    </>
  )
}

function Outcomes({ found }: { readonly found: Exploration }) {
  const watch = useStore(({ deadlocks }) => deadlocks.watch)
  return (
    <div className="explore-outcomes">
      {found.outcomes.map((outcome) => {
        const { kind, probability, shortest } = outcome
        return (
          <button
            key={kind}
            type="button"
            className="outcome"
            data-kind={kind === 'done' ? 'good' : 'bad'}
            onMouseDown={keepFocus}
            onClick={() => watch(shortest.schedule, shortest.decidedAfter ?? 0)}
          >
            <span className="outcome-name">{outcomeNames[kind]}</span>
            <span className="outcome-share">{percentText(probability)}</span>
            <span className="outcome-bar">
              <span style={{ width: `${probability * 100}%` }} />
            </span>
            <span className="outcome-more">
              {'schedules' in outcome
                ? `${plural(outcome.schedules, 'schedule')}, ${percentText(outcome.share)} of all`
                : `${countText(outcome.drawn)} drawn, 95 % interval ${percentText(outcome.interval.low)} to ${percentText(outcome.interval.high)}`}
              ; {shortest.proven ? 'shortest' : 'shortest drawn'}:{' '}
              {plural(shortest.schedule.length, 'step')}
            </span>
          </button>
        )
      })}
    </div>
  )
}

/** The same question of a case to be compared with: “sometimes” against “always”. */
function Against({ beside: { title, found } }: { readonly beside: Beside }) {
  const bad = found.outcomes
    .filter(({ kind }) => kind !== 'done')
    .reduce((sum, outcome) => sum + ('share' in outcome ? outcome.share : outcome.probability), 0)
  return (
    <p className="explore-about" data-testid="beside">
      For comparison, <strong>{title}</strong>: {percentText(bad)} of its schedules go wrong.
    </p>
  )
}

const claims: Readonly<Record<PropertyId, string>> = {
  'mutual-exclusion': 'Nobody touches what another is changing',
  'no-deadlock': 'Nobody waits for ever',
  'no-lost-update': 'No update is lost',
  'no-misuse': 'Only what is held is given back',
  'bounded-overtaking': 'Nobody who waits is overtaken without end',
}

const verdicts = {
  holds: { text: 'on every schedule', Icon: CircleCheck },
  fails: { text: 'fails', Icon: CircleX },
  unknown: { text: 'not refuted by what was seen', Icon: CircleHelp },
}

function PropertyLine({ property }: { readonly property: Property }) {
  const watch = useStore(({ deadlocks }) => deadlocks.watch)
  const { id, verdict, witness, overtaking } = property
  const { text, Icon } = verdicts[verdict]
  return (
    <li data-verdict={verdict} data-testid={`property-${id}`}>
      <Icon size={17} aria-hidden="true" />
      <span>
        {claims[id]}: {text}
        {overtaking && overtaking.most > 0 && ` (at most ${plural(overtaking.most, 'time')})`}
        {witness && (
          <>
            {'. '}
            <button
              type="button"
              className="table-go"
              onMouseDown={keepFocus}
              onClick={() => watch(witness, witness.length)}
            >
              Show me where
            </button>
          </>
        )}
      </span>
    </li>
  )
}
