import { useMemo } from 'react'
import { keepFocus } from '../../shell/keep-focus'
import { useStore } from '../../store'
import { useFrames } from '../use-frames'
import { RealLanes } from './real-lanes'
import { judgement, type RealPlace, realWords, whyNotReal } from './real-run'
import { durationOf, realDeeds, realSpans } from './real-spans'

/** The same schedule on real workers, through the library, with detection on. */
export function RealPanel() {
  const program = useStore(({ deadlocks }) => deadlocks.program)
  const real = useStore(({ deadlocks }) => deadlocks.real)
  const place = useStore(({ deadlocks }) => deadlocks.realPlace)
  const outcome = useFrames().at(-1)?.outcome
  const why = whyNotReal(program, outcome?.kind, 'workers')
  const whyNotTabs = whyNotReal(program, outcome?.kind, 'tabs')
  const run = real.kind === 'done' ? real.result : undefined
  const threads = useMemo(() => program.threads.map(({ name }) => name), [program])
  const spans = useMemo(() => (run ? realSpans(run, threads.length) : []), [run, threads])
  const deeds = useMemo(() => (run ? realDeeds(run) : []), [run])
  const judged = run && judgement(run, outcome)
  return (
    <section className="real panel" aria-label="On real workers">
      <div className="panel-head real-head">
        <h2 className="panel-title">On real workers</h2>
        <RealButtons why={why} whyNotTabs={whyNotTabs} />
      </div>
      <div className="real-body">
        {run ? (
          <RealLanes
            threads={threads}
            tabs={run.tabs}
            spans={spans}
            deeds={deeds}
            duration={durationOf(run)}
          />
        ) : (
          <p className="explore-about">{why ?? about(whyNotTabs)}</p>
        )}
        <div role="status" data-testid="real">
          {real.kind === 'running' && <p>{running[place]}</p>}
          {real.kind === 'cancelled' && <p>Cancelled.</p>}
          {real.kind === 'failed' && <p className="editor-bad">The run failed: {real.why}</p>}
          {run && realWords(program, run).map((words) => <p key={words}>{words}</p>)}
          {judged && (
            <p className="verdict" data-kind={judged.kind}>
              {judged.text}
            </p>
          )}
        </div>
      </div>
    </section>
  )
}

const running: Readonly<Record<RealPlace, string>> = {
  workers: 'Running…',
  tabs: 'Running in this tab and a second one, which closes itself at the end…',
}

function about(whyNotTabs: string | undefined): string {
  const workers =
    'The same schedule through the library: a worker for each thread, 100 ms between two steps, and deadlock detection on.'
  return `${workers} ${whyNotTabs ? `Not in two tabs: ${lowered(whyNotTabs)}` : 'In two tabs every other thread runs in a tab that the page opens and closes.'}`
}

const lowered = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)

interface ButtonsProps {
  /** Why nothing can be run, and why not in two tabs. */
  readonly why: string | undefined
  readonly whyNotTabs: string | undefined
}

const places = [
  { place: 'workers', text: 'Run on real workers', look: 'strong' },
  { place: 'tabs', text: 'Run in two real tabs', look: undefined },
] as const

/** The button of the run that goes on is the one that cancels it: it keeps the focus. */
function RealButtons({ why, whyNotTabs }: ButtonsProps) {
  const real = useStore(({ deadlocks }) => deadlocks.real.kind)
  const shown = useStore(({ deadlocks }) => deadlocks.realPlace)
  const runReal = useStore(({ deadlocks }) => deadlocks.runReal)
  const cancel = useStore(({ deadlocks }) => deadlocks.cancelReal)
  const running = real === 'running' ? shown : undefined
  return (
    <div className="real-buttons">
      {places.map(({ place, text, look }) => (
        <button
          key={place}
          type="button"
          className="button"
          data-look={running === place ? undefined : look}
          disabled={
            running === undefined
              ? (place === 'workers' ? why : whyNotTabs) !== undefined
              : running !== place
          }
          onMouseDown={keepFocus}
          onClick={() => (running === place ? cancel() : runReal(place))}
        >
          {running === place ? 'Cancel the run' : text}
        </button>
      ))}
    </div>
  )
}
