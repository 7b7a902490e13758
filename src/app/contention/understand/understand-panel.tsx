import { useMemo } from 'react'
import { Segments } from '../../shell/segments'
import { useStore } from '../../store'
import { sideName } from '../names'
import { type Charged, shownRun, type TopBy } from '../slice'
import { ComparePanel } from './compare-panel'
import { FindingsPanel } from './findings-panel'
import { FlameGraph } from './flame-graph'
import { treeOf } from './profile'
import { TopTable } from './top-table'

const charges = [
  { id: 'releaser', text: 'Charged to who held it' },
  { id: 'waiter', text: 'to who waited' },
] as const

const groups = [
  { id: 'lock', text: 'By lock' },
  { id: 'site', text: 'By worker' },
] as const

/** The profile of the run that is shown, once it has ended. */
export function UnderstandPanel() {
  const run = useStore(({ contention }) => shownRun(contention))
  const side = useStore(({ contention }) => contention.side)
  const both = useStore(({ contention }) => Boolean(contention.runs.a && contention.runs.b))
  const charged = useStore(({ contention }) => contention.charged)
  const by = useStore(({ contention }) => contention.by)
  const setTop = useStore(({ contention }) => contention.setTop)
  // While B runs, A's profile is not worked out: that would be measured, too.
  const recording = useStore(({ contention }) =>
    contention.running.kind === 'running' ? undefined : shownRun(contention)?.recording,
  )
  const tree = useMemo(() => recording && treeOf(recording, charged), [recording, charged])
  if (!run || !recording || !tree) return null
  return (
    <>
      <FindingsPanel run={run} />
      <section className="profile panel" aria-label="Profile">
        <div className="panel-head">
          <h2 className="panel-title">
            Where the waiting came from{both && ` (${sideName[side]})`}
          </h2>
          <div className="profile-choices">
            <Segments<Charged>
              label="Who is charged"
              value={charged}
              onChoose={(id) => setTop({ charged: id })}
              options={charges}
            />
            <Segments<TopBy>
              label="Rows"
              value={by}
              onChoose={(id) => setTop({ by: id })}
              options={groups}
            />
          </div>
        </div>
        {run.unkept > 0 && (
          <p className="profile-part">
            Of the beginning: {run.unkept.toLocaleString('en')} later events are in the lanes, but
            not in this profile, nor in the exports.
          </p>
        )}
        <div className="profile-body">
          <TopTable recording={recording} />
          <FlameGraph key={charged} tree={tree} />
        </div>
      </section>
      <ComparePanel />
    </>
  )
}
