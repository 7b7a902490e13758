import { ActionButton } from '../../shell/action-button'
import { useStore } from '../../store'
import { tabsAction } from '../actions'
import { LiveLanes } from '../lanes/live-lanes'
import type { Window } from '../lanes/seen'
import { type ProfileGuard, type ProfileRun, profileGuards } from './copies'

const names: Readonly<Record<ProfileGuard, string>> = {
  copy: 'Each worker has its own copy',
  run: 'Both have the lock, by its descriptor',
}

/** The profile that lied: copies show no contention, and lose what they were to protect. */
export function ProfilePanel() {
  const profiles = useStore(({ tabs }) => tabs.copies.profiles)
  const profiling = useStore(({ tabs }) => tabs.copies.profiling)
  const recognised = profiles.copy?.counted && profiles.run?.counted
  return (
    <section className="panel" aria-label="The profile that lied">
      <div className="panel-head">
        <h2 className="panel-title">The profile that lied</h2>
        <ActionButton action={tabsAction('profile')} />
      </div>
      <div className="profiles">
        {profileGuards.map((guard) => (
          <Profile key={guard} guard={guard} run={profiles[guard]} />
        ))}
      </div>
      <div
        className="counter-words"
        role="status"
        data-testid="profiles"
        data-kind={profiling.kind}
      >
        {profiling.kind === 'running' && <p>Two real workers count…</p>}
        {profiling.kind === 'failed' && <p>It failed: {profiling.why}</p>}
        {profiling.kind === 'cancelled' && <p>Cancelled.</p>}
        {profiling.kind === 'none' && (
          <p>
            Two real workers raise one counter: first with a copy of the lock each, then with the
            lock.
          </p>
        )}
        {profiling.kind === 'done' && recognised && <Recognise />}
      </div>
    </section>
  )
}

function Profile({
  guard,
  run,
}: {
  readonly guard: ProfileGuard
  readonly run: ProfileRun | undefined
}) {
  const lost = run?.counted && run.counted.hits - run.counted.counter
  return (
    <div className="profile" data-guard={guard}>
      <h3>{names[guard]}</h3>
      <dl className="profile-figures">
        <Figure name="waits, says the profile" value={run?.counted?.contended} />
        <Figure name="hits lost" value={lost} alarming={(lost ?? 0) > 0} />
      </dl>
      {run && (
        <div className="tabs-lanes">
          <LiveLanes
            label={`${names[guard]}: what both workers held and waited for. The figures above say what came of it.`}
            rows={run.tracks}
            window={windowOf(run)}
            end={run.counted ? 'the end' : 'now'}
          />
        </div>
      )}
    </div>
  )
}

/** The last second of what there is: single holds can be told apart. */
function windowOf({ tracks }: ProfileRun): Window {
  const ends = tracks.flatMap(({ track }) => track.spans.map(({ from, to }) => to ?? from))
  const to = Math.max(0, ...ends)
  return { from: to - 600, to }
}

interface FigureProps {
  readonly name: string
  readonly value: number | undefined
  readonly alarming?: boolean
}

function Figure({ name, value, alarming }: FigureProps) {
  return (
    <div data-alarming={alarming || undefined}>
      <dt>{name}</dt>
      <dd>{value ?? '–'}</dd>
    </div>
  )
}

function Recognise() {
  return (
    <>
      <p>
        <strong>How to recognise it.</strong> A lock that guards shared data and never makes anybody
        wait is either not needed, or not shared. Above, the bars of both workers overlap: two
        writers at once, and the profile calls that no contention.
      </p>
      <p>
        Ask from the other side: hold it here, and <code>tryAcquire()</code> there must answer{' '}
        <code>null</code>. <code>locks.query()</code> there must list the hold. Send{' '}
        <code>lock.descriptor()</code>, and make the lock of it with <code>locks.from(…)</code>.
      </p>
    </>
  )
}
