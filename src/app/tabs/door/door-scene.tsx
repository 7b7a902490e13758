import { Legend } from '../../seven-seconds/legend'
import { useStore } from '../../store'
import { type LabelOf, LiveLanes } from '../lanes/live-lanes'
import { useNow } from '../lanes/use-now'
import { noteOf } from '../stage/notes'
import { sinceText } from '../words'
import { doorOf, isDoor, type Party } from './who'

/** How much of the past is shown, in ms. */
const past = 15_000

/** Who holds the one lock of all participants, who waits, and how it came to be so. */
export function DoorScene() {
  const actors = useStore(({ tabs }) => tabs.actors)
  // What the participants did is changed in place.
  useStore(({ tabs }) => tabs.tick)
  const open = useStore(({ tabs }) => tabs.stage.kind === 'open')
  const now = useNow(open)
  const { holders, waiters } = doorOf(actors)
  return (
    <section className="panel" aria-label="The lock">
      <div className="door" data-testid="door">
        <Parties title="holds it" parties={holders} now={now} empty="Nobody: the lock is free." />
        <Parties title="waits, in this order" parties={waiters} now={now} empty="Nobody." waiting />
      </div>
      {actors.length > 0 ? (
        <>
          <div className="tabs-lanes-head">
            <Legend measured={false} />
          </div>
          <div className="tabs-lanes">
            <LiveLanes
              label="What each participant held and waited for in the last 15 seconds. The lists above say it in words."
              rows={actors.map(({ name, state, track }) => ({ name, track, note: noteOf(state) }))}
              window={{ from: now - past, to: now }}
              wanted={isDoor}
              labelOf={labelOf}
            />
          </div>
        </>
      ) : (
        <p className="tabs-empty">
          Open some frames, then let each of them read or write: by its own buttons below, or here.
        </p>
      )}
      {open && <Hands />}
    </section>
  )
}

const doings = { wait: 'waiting', read: 'reading', write: 'writing' } as const

const labelOf: LabelOf = (kind, fence) =>
  fence === undefined ? [doings[kind]] : [`${doings[kind]} · fence ${fence}`, doings[kind]]

interface PartiesProps {
  readonly title: string
  readonly parties: readonly Party[]
  readonly now: number
  readonly empty: string
  readonly waiting?: boolean
}

function Parties({ title, parties, now, empty, waiting }: PartiesProps) {
  return (
    <div className="door-side" data-side={waiting ? 'waits' : 'holds'}>
      <h2 className="panel-title">{title}</h2>
      {parties.length === 0 ? (
        <p className="door-nobody">{empty}</p>
      ) : (
        <ol className="door-list">
          {parties.map(({ name, mode, since, fence }) => (
            <li key={name} className="door-party" data-kind={waiting ? 'waits' : mode}>
              <strong>{name}</strong>
              <span>
                {waiting ? `to ${mode}` : mode === 'read' ? 'reads' : 'writes'} ·{' '}
                {sinceText(now - since)}
                {fence !== undefined && ` · fence ${fence}`}
              </span>
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

/** The same as the buttons in each frame or tab, for whoever would rather stay here. */
function Hands() {
  const actors = useStore(({ tabs }) => tabs.actors)
  const hold = useStore(({ tabs }) => tabs.hold)
  const release = useStore(({ tabs }) => tabs.release)
  return (
    <ul className="hands" aria-label="By hand">
      {actors.map(({ name, state, track }, at) => {
        const own = [...track.open].find(({ lock }) => isDoor(lock))
        const idle = state.kind === 'here' && own === undefined
        return (
          <li key={name} className="hands-row">
            <strong>{name}</strong>
            <HandButton name={name} text="Read" enabled={idle} act={() => hold(at, 'read')} />
            <HandButton name={name} text="Write" enabled={idle} act={() => hold(at, 'write')} />
            <HandButton
              name={name}
              text={own?.kind === 'wait' ? 'Give up' : 'Release'}
              enabled={state.kind === 'here' && own !== undefined}
              act={() => release(at)}
            />
          </li>
        )
      })}
    </ul>
  )
}

interface HandButtonProps {
  readonly name: string
  readonly text: string
  readonly enabled: boolean
  readonly act: () => void
}

function HandButton({ name, text, enabled, act }: HandButtonProps) {
  return (
    <button
      type="button"
      className="button"
      aria-disabled={!enabled}
      aria-label={`${text}: ${name}`}
      onClick={() => enabled && act()}
    >
      {text}
    </button>
  )
}
