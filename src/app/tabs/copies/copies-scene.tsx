import { copyWays } from '../../../perform/tabs'
import { ActionButton } from '../../shell/action-button'
import { useStore } from '../../store'
import { tabsAction } from '../actions'
import { outcomeWords } from './outcome-words'
import { ProfilePanel } from './profile-panel'

/** Every way to copy a lock, and what comes of it; then what a copied lock costs. */
export function CopiesScene() {
  const outcomes = useStore(({ tabs }) => tabs.copies.outcomes)
  const trying = useStore(({ tabs }) => tabs.copies.trying)
  return (
    <>
      <section className="panel" aria-label="Ways to copy a lock">
        <div className="panel-head">
          <h2 className="panel-title">Six ways to have the lock elsewhere</h2>
          <span className="strong-action">
            <ActionButton action={tabsAction('run')} />
          </span>
        </div>
        <ul className="copies">
          {copyWays.map(({ id, code }) => {
            const outcome = outcomes[id]
            const { verdict, good, said } = outcomeWords(outcome)
            return (
              <li key={id} className="copy" data-way={id}>
                <code className="copy-code">{code}</code>
                <div className="copy-outcome">
                  <p className="verdict-line" data-good={good} data-none={!outcome || undefined}>
                    {verdict}
                  </p>
                  {said && <p className="copy-said">{said}</p>}
                </div>
              </li>
            )
          })}
        </ul>
        <p className="counter-words" role="status" data-testid="copies" data-kind={trying.kind}>
          {trying.kind === 'running' && 'Trying, on this page and in a worker…'}
          {trying.kind === 'failed' && `It failed: ${trying.why}`}
          {trying.kind === 'cancelled' && 'Cancelled.'}
          {trying.kind === 'done' && 'Tried just now, on this page and in a worker.'}
          {trying.kind === 'none' && 'Each is tried for real, on this page and in a worker.'}
        </p>
      </section>
      <ProfilePanel />
    </>
  )
}
