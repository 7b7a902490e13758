import { type ReactNode, useEffect, useRef } from 'react'
import { ErrorBoundary } from '../shell/error-boundary'
import { Narration } from '../shell/narration'
import { Segments } from '../shell/segments'
import { Share } from '../shell/share'
import { type State, useStore } from '../store'
import { CopiesScene } from './copies/copies-scene'
import { CounterScene } from './counter/counter-scene'
import { DoorScene } from './door/door-scene'
import { disturbanceWords } from './live/live-words'
import { FaultsScene, FlightScene, LeaderScene, SemaphoreScene } from './live/scenes'
import { type SceneId, sceneOf, scenes } from './scenes'
import { FramesPanel } from './stage/frames-panel'
import { InspectorPanel } from './stage/inspector-panel'
import { StagePanel } from './stage/stage-panel'
import '../contention/page.css'
import '../deadlocks/page.css'
import '../seven-seconds/page.css'
import '../seven-seconds/legend.css'
import '../seven-seconds/timeline/lanes.css'
import './page.css'

const pictures: Readonly<Record<SceneId, () => ReactNode>> = {
  door: DoorScene,
  counter: CounterScene,
  copies: CopiesScene,
  faults: FaultsScene,
  leader: LeaderScene,
  semaphore: SemaphoreScene,
  flight: FlightScene,
}

/** What locks do among tabs: one small scene after the other, with real frames and tabs. */
export default function TabsPage() {
  const id = useStore(({ tabs }) => tabs.settings.scene)
  const setScene = useStore(({ tabs }) => tabs.setScene)
  const { question, about } = sceneOf(id)
  const Picture = pictures[id]
  const row = useRef<HTMLDivElement>(null)
  // On a phone not all scenes' names have room beside each other.
  // biome-ignore lint/correctness/useExhaustiveDependencies: which one is pressed is seen after it was drawn
  useEffect(() => {
    const chosen = row.current?.querySelector('[aria-pressed="true"]')
    chosen?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [id])
  useEffect(() => {
    document.title = `${question} · Latchkey`
  }, [question])
  return (
    <div className="lab tabs-page">
      <div ref={row} className="scenes">
        <Segments<SceneId>
          label="Scenes"
          value={id}
          onChoose={setScene}
          options={scenes.map(({ id, name }) => ({ id, text: name }))}
        />
      </div>
      <div className="lab-head">
        <div className="headline">
          <h1>{question}</h1>
          <p>{about}</p>
        </div>
        <div className="lab-actions">
          <Share whatOf={whatOf} />
        </div>
      </div>
      {id !== 'copies' && <StagePanel />}
      <ErrorBoundary key={id} what="This scene">
        <Picture />
      </ErrorBoundary>
      <FramesPanel shown={id === 'door' || id === 'counter'} />
      {id === 'door' && (
        <ErrorBoundary what="The inspector">
          <InspectorPanel />
        </ErrorBoundary>
      )}
      <Narration sentence={sentence} plays={() => true} />
    </div>
  )
}

const whatOf = ({ tabs }: State) => `the scene “${sceneOf(tabs.settings.scene).name}”`

function sentence({ tabs: now }: State, { tabs: before }: State): string | undefined {
  if (now.settings.scene !== before.settings.scene) return sceneOf(now.settings.scene).question
  const [last, former] = [now.live.disturbances.at(-1), before.live.disturbances.at(-1)]
  if (last?.next && last.next !== former?.next) return disturbanceWords(last)
  return undefined
}
