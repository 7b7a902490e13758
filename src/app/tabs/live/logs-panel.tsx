import { useStore } from '../../store'
import { late, type WroteBy } from './live'

/** How many of the latest writes are shown. */
const most = 8

/** The two logs beside each other: what each did with writes that came too late. */
export function LogsPanel() {
  const writes = useStore(({ tabs }) => tabs.live.writes)
  const { accepted, refused } = late(writes)
  return (
    <section className="panel" aria-label="Two logs" data-testid="logs">
      <div className="profiles logs">
        <div className="profile">
          <h2>A log without fences</h2>
          <dl className="profile-figures">
            <Figure
              id="accepted"
              name="late writes accepted"
              value={accepted}
              alarming={accepted > 0}
            />
            <Figure id="plain" name="writes" value={writes.length} />
          </dl>
          <Log writes={writes} wordsOf={plainWords} />
        </div>
        <div className="profile">
          <h2>
            The same through <code>fenced(store)</code>
          </h2>
          <dl className="profile-figures">
            <Figure id="refused" name="late writes refused" value={refused} />
            <Figure id="fenced" name="writes" value={writes.length - refused} />
          </dl>
          <Log writes={writes} wordsOf={fencedWords} />
        </div>
      </div>
      <p className="counter-words">
        A worker that was frozen does not know that its lease has run out: it goes on writing when
        it wakes up. Freeze the one that writes, and wait until it does.
      </p>
    </section>
  )
}

interface FigureProps {
  readonly id: string
  readonly name: string
  readonly value: number
  readonly alarming?: boolean
}

function Figure({ id, name, value, alarming }: FigureProps) {
  return (
    <div data-figure={id} data-alarming={alarming || undefined}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

interface LogProps {
  readonly writes: readonly WroteBy[]
  readonly wordsOf: (write: WroteBy) => { readonly text: string; readonly wrong: boolean }
}

function Log({ writes, wordsOf }: LogProps) {
  const actors = useStore(({ tabs }) => tabs.actors)
  if (writes.length === 0) return <p className="log-empty">Nothing was written yet.</p>
  return (
    <ol className="log">
      {writes
        .slice(-most)
        .toReversed()
        .map((write) => {
          const { text, wrong } = wordsOf(write)
          return (
            <li key={`${write.participant} ${write.at}`} data-wrong={wrong || undefined}>
              {actors[write.participant]?.name}, fence {write.fence}: {text}
            </li>
          )
        })}
    </ol>
  )
}

function plainWords({ fence, before }: WroteBy) {
  return fence < before
    ? { text: `accepted, over what fence ${before} wrote`, wrong: true }
    : { text: 'accepted', wrong: false }
}

function fencedWords({ refused }: WroteBy) {
  return refused === undefined
    ? { text: 'accepted', wrong: false }
    : { text: `refused. ${refused}`, wrong: true }
}
