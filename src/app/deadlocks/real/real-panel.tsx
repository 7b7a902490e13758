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

function RealButtons({ why, whyNotTabs }: ButtonsProps) {
  const running = useStore(({ deadlocks }) => deadlocks.real.kind === 'running')
  const runReal = useStore(({ deadlocks }) => deadlocks.runReal)
  const cancel = useStore(({ deadlocks }) => deadlocks.cancelReal)
  if (running) {
    return (
      <button type="button" className="button" onClick={cancel}>
        Cancel the run
      </button>
    )
  }
  return (
    <div className="real-buttons">
      <button
        type="button"
        className="button"
        data-look="strong"
        disabled={why !== undefined}
        onMouseDown={keepFocus}
        onClick={() => runReal('workers')}
      >
        Run on real workers
      </button>
      <button
        type="button"
        className="button"
        disabled={whyNotTabs !== undefined}
        onMouseDown={keepFocus}
        onClick={() => runReal('tabs')}
      >
        Run in two real tabs
      </button>
    </div>
  )
}
