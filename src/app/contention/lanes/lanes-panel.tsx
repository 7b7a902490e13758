import { useEffect, useMemo, useRef, useState } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { ActionButton } from '../../shell/action-button'
import { Segments } from '../../shell/segments'
import { useStore } from '../../store'
import { contentionAction } from '../actions'
import { type Side, sideName, sides } from '../names'
import { type LanesLook, shownRun } from '../slice'
import { LanesLegend } from './lanes-legend'
import { LanesTable } from './lanes-table'
import { LanesView } from './lanes-view'
import { boundsOf, viewOf } from './looking'
import { type AgentRow, axisHeight } from './rows'
import { spanOf, spanWords } from './selection'
import { durationText, timeText } from './ticks'

const looks = [
  { id: 'lanes', text: 'Lanes' },
  { id: 'table', text: 'Table' },
] as const

const tools = ['left', 'right', 'zoom-out', 'zoom-in', 'whole'] as const

/** Every worker's waits and holds over time, to zoom into. */
export function LanesPanel() {
  const look = useStore(({ contention }) => contention.look)
  const setLook = useStore(({ contention }) => contention.setLook)
  const side = useStore(({ contention }) => contention.side)
  const comparing = useStore(({ contention }) => contention.b !== undefined)
  const drawn = useStore(
    useShallow(({ contention: { runs } }) =>
      sides.filter((each) => (runs[each]?.lanes?.events ?? 0) > 0),
    ),
  )
  return (
    <section className="contention-lanes panel" aria-label="Lanes">
      <div className="lanes-head">
        <Segments<LanesLook> label="View" value={look} onChoose={setLook} options={looks} />
        {comparing && look === 'table' && <span className="lanes-side">{sideName[side]}</span>}
        <LanesLegend />
        <div className="lanes-tools">
          <ActionButton action={contentionAction('longest')} />
          {tools.map((id) => (
            <ActionButton key={id} action={contentionAction(id)} look="icon" />
          ))}
        </div>
      </div>
      {drawn.length === 0 ? (
        <p className="lanes-empty">
          Nothing has run yet. Each worker gets a lane: hatched while it waits, full while it holds.
        </p>
      ) : look === 'lanes' ? (
        drawn.map((each) => <LanesPicture key={each} side={each} named={comparing} />)
      ) : (
        <LanesTable />
      )}
      {drawn.length > 0 && <LanesWords />}
    </section>
  )
}

interface LanesPictureProps {
  readonly side: Side
  /** There is another one beside it. */
  readonly named: boolean
}

/** The canvas follows the store by itself: panning renders nothing of React's. */
function LanesPicture({ side, named }: LanesPictureProps) {
  const frame = useRef<HTMLDivElement>(null)
  const [agents, setAgents] = useState<readonly AgentRow[]>([])
  const names = useStore(({ contention }) => contention.runs[side]?.lanes?.agents)
  useEffect(() => {
    if (!frame.current) return
    const picture = new LanesView(frame.current, {
      onView: (view, whole) => useStore.getState().contention.setView(whole ? undefined : view),
      onSelect: (selection) => {
        const { contention } = useStore.getState()
        contention.setSide(side)
        contention.select(selection)
      },
      onLayout: (layout) => setAgents(layout.agents),
    })
    const draw = () => {
      const { contention } = useStore.getState()
      const lanes = contention.runs[side]?.lanes
      if (!lanes) return
      const selection = contention.side === side ? contention.selection : undefined
      picture.show({ lanes, view: viewOf(contention), bounds: boundsOf(contention), selection })
    }
    draw()
    const unsubscribe = useStore.subscribe((state, before) => {
      if (state.theme !== before.theme) requestAnimationFrame(() => picture.recolour())
      if (state.contention !== before.contention) draw()
    })
    const system = matchMedia('(prefers-color-scheme: dark)')
    const recolour = () => picture.recolour()
    system.addEventListener('change', recolour)
    // Words are measured: once the fonts are there they are as wide as they stay.
    document.fonts?.ready.then(recolour)
    return () => {
      system.removeEventListener('change', recolour)
      unsubscribe()
      picture.destroy()
    }
  }, [side])
  return (
    <div className="lanes-picture">
      {named && (
        <span className="lanes-side" aria-hidden="true">
          {sideName[side]}
        </span>
      )}
      <ul className="lanes-names" aria-hidden="true">
        {agents.map(({ agent, top, height }) => (
          <li key={agent} style={{ top, height }}>
            {names?.[agent]}
          </li>
        ))}
      </ul>
      {/* biome-ignore lint/a11y/useSemanticElements: no element is a picture that one moves about in */}
      <div
        ref={frame}
        className="lanes-frame"
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved by keys, and must be seen to have the focus
        tabIndex={0}
        style={{ minHeight: axisHeight }}
        aria-label={`Lanes of all workers${named ? ` in ${sideName[side]}` : ''}. Arrow keys move, plus and minus zoom, comma and full stop go from bar to bar. The table view says the same in words.`}
        aria-describedby="lanes-words"
      />
    </div>
  )
}

/** What is in sight, and what is chosen, in words. */
function LanesWords() {
  const run = useStore(({ contention }) => shownRun(contention))
  const view = useStore(useShallow(({ contention }) => viewOf(contention)))
  const selection = useStore(({ contention }) => contention.selection)
  const tick = useStore(({ contention }) => contention.tick)
  const lanes = run?.lanes
  // biome-ignore lint/correctness/useExhaustiveDependencies: lanes are changed in place; a tick tells
  const words = useMemo(() => {
    const span = lanes && selection && spanOf(lanes, selection)
    return lanes && span ? spanWords(lanes, span, (agent) => lanes.agents[agent] ?? '?') : undefined
  }, [lanes, selection, tick])
  if (!lanes) return null
  const { from, to } = view
  const step = (to - from) / 100
  return (
    <div className="lanes-words" id="lanes-words">
      <p data-testid="span-words">
        {words ?? 'Click a bar, or press “w” for the longest wait, to be told what it is.'}
      </p>
      <p className="lanes-range">
        {timeText(from, step)} to {timeText(to, step)}, {durationText(to - from)} in sight ·{' '}
        {lanes.events.toLocaleString('en')} events
        {lanes.knownFrom > 0 && `, those before ${timeText(lanes.knownFrom, 100)} forgotten`}
        {run.counts.dropped > 0 &&
          `, ${run.counts.dropped.toLocaleString('en')} acquisitions too many to be told`}
        {lanes.unseen > 0 && `, ${lanes.unseen.toLocaleString('en')} acquisitions without a lane`}
      </p>
    </div>
  )
}
