import type { CSSProperties } from 'react'
import { policies } from '../../../simulate'
import { Prose } from '../../shell/prose'
import { Raised } from '../../shell/raised'
import { useRun, useStep } from '../use-run'
import { earlierLines } from './instant'
import './listing.css'

/**
 * The operation that runs, with the step just done marked and the earlier ones of its instant
 * tinted, and beneath it why. Before the first step: the one that will come first.
 */
export function ListingPanel() {
  const run = useRun()
  const current = useStep()
  const shown = current ?? run.steps[0]
  if (!shown) return null
  const policy = policies[shown.policy]
  const { lines } = policy.listings[shown.operation]
  const earlier = current ? earlierLines(run.steps, current) : new Set<number>()
  const most = Math.max(
    ...run.steps.map((step) => policies[step.policy].listings[step.operation].lines.length),
  )
  return (
    <section
      className="listing panel"
      aria-label="What runs"
      style={{ '--lines': most } as CSSProperties}
    >
      <div className="panel-head">
        <h2 className="panel-title">
          {shown.operation}, as {shown.thread} {current ? 'runs' : 'will run'} it
        </h2>
        <span className="listing-reference">{policy.referenceTitle}</span>
      </div>
      <ol className="listing-lines">
        {lines.map((line, index) => {
          const now = current !== undefined && index === current.line
          return (
            <li
              // A listing never changes: the place of a line is its identity.
              key={`${shown.operation}:${line.text}:${line.note ?? ''}`}
              className="listing-line"
              data-when={now ? 'now' : earlier.has(index) ? 'before' : undefined}
              aria-current={now ? 'step' : undefined}
            >
              <span className="listing-number">{line.reference}</span>
              <span className="listing-code" style={{ '--indent': line.indent } as CSSProperties}>
                <Raised text={line.text} />
                {line.text && line.note && '  '}
                {line.note && <span className="listing-note">— {line.note}</span>}
              </span>
            </li>
          )
        })}
      </ol>
      <p className="listing-why" data-testid="why">
        {current ? (
          <Prose sentence={current.story} />
        ) : (
          <>
            <strong>Second 0.</strong> Nobody has asked for the lock yet. {shown.thread} will be the
            first, at second {shown.time / 1000}.
          </>
        )}
      </p>
    </section>
  )
}
