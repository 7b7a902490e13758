import type { ReactNode } from 'react'
import { ActionButton } from '../../shell/action-button'
import { useStore } from '../../store'
import { tabsAction } from '../actions'
import { type LabelOf, LiveLanes } from '../lanes/live-lanes'
import { useNow } from '../lanes/use-now'
import { noteOf } from '../stage/notes'
import { Blows } from './blows'
import { type LiveSceneId, lockOfScene } from './live'
import { LiveLegend } from './live-legend'
import { doings, liveWords } from './live-words'

/** How much of the past is shown, in ms. */
const past = 12_000

interface Props {
  readonly scene: LiveSceneId
  /** What the scene lets one choose. */
  readonly choices?: ReactNode
  readonly children?: ReactNode
}

/** What participants do by themselves, as it goes on, and what one can do to them. */
export function LiveScene({ scene, choices, children }: Props) {
  const actors = useStore(({ tabs }) => tabs.actors)
  const live = useStore(({ tabs }) => tabs.live)
  // What the participants did is changed in place.
  useStore(({ tabs }) => tabs.tick)
  const open = useStore(({ tabs }) => tabs.stage.kind === 'open')
  const now = useNow(open)
  return (
    <section className="panel" aria-label="What goes on">
      <div className="panel-head counter-head">
        {choices}
        <LiveLegend scene={scene} />
        <span className="strong-action">
          <ActionButton action={tabsAction('run')} />
        </span>
      </div>
      {actors.length > 0 ? (
        <div className="tabs-lanes live-body">
          <LiveLanes
            label="What each participant held and waited for in the last 12 seconds. The sentences below say what came of it."
            rows={actors.map(({ name, state, track }) => ({ name, track, note: noteOf(state) }))}
            window={{ from: now - past, to: now }}
            wanted={lockOfScene(scene)}
            labelOf={labelsOf(scene)}
          />
        </div>
      ) : (
        <p className="tabs-empty">{empty[scene]}</p>
      )}
      {open && actors.length > 0 && <Blows scene={scene} />}
      <p
        className="counter-words live-words"
        role="status"
        data-testid="live"
        data-kind={live.doing.kind}
      >
        {liveWords(scene, live, actors)}
      </p>
      {children}
    </section>
  )
}

const labelsOf =
  (scene: LiveSceneId): LabelOf =>
  (kind, fence) => {
    const { holds, waits } = doings[scene]
    if (kind === 'wait') return [waits, 'waits']
    return fence === undefined
      ? [holds]
      : [`${holds} · fence ${fence}`, `fence ${fence}`, `${fence}`]
  }

const empty: Readonly<Record<LiveSceneId, string>> = {
  faults: 'Start, then crash or freeze whoever writes.',
  leader: 'Start the campaign, then crash whoever leads.',
  semaphore: 'Start, and count the bars that stand above each other.',
  flight: 'Let all ask at once.',
}
