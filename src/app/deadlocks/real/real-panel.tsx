import { useMemo } from 'react'
import { keepFocus } from '../../shell/keep-focus'
import { useStore } from '../../store'
import { useFrames } from '../use-frames'
import { RealLanes } from './real-lanes'
import { agrees, realWords, whyNotReal } from './real-run'
import { durationOf, realSpans } from './real-spans'

/** The same schedule on real workers, through the library, with detection on. */
export function RealPanel() {
  const program = useStore(({ deadlocks }) => deadlocks.program)
  const real = useStore(({ deadlocks }) => deadlocks.real)
  const runReal = useStore(({ deadlocks }) => deadlocks.runReal)
  const cancel = useStore(({ deadlocks }) => deadlocks.cancelReal)
  const outcome = useFrames().at(-1)?.outcome?.kind
  const why = whyNotReal(program, outcome)
  const run = real.kind === 'done' ? real.result : undefined
  const threads = useMemo(() => program.threads.map(({ name }) => name), [program])
  const spans = useMemo(() => (run ? realSpans(run, threads.length) : []), [run, threads])
  const agreed = run && agrees(run, outcome)
  return (
    <section className="real panel" aria-label="On real workers">
      <div className="panel-head">
        <h2 className="panel-title">On real workers</h2>
        {real.kind === 'running' ? (
          <button type="button" className="button" onClick={cancel}>
            Cancel the run
          </button>
        ) : (
          <button
            type="button"
            className="button"
            data-look="strong"
            disabled={why !== undefined}
            onMouseDown={keepFocus}
            onClick={runReal}
          >
            Run on real workers
          </button>
        )}
      </div>
      <div className="real-body">
        {run ? (
          <RealLanes threads={threads} spans={spans} duration={durationOf(run)} />
        ) : (
          <p className="explore-about">
            {why ??
              'The same schedule through the library: a worker for each thread, 100 ms between two steps, and deadlock detection on.'}
          </p>
        )}
        <div role="status" data-testid="real">
          {real.kind === 'running' && <p>Running…</p>}
          {real.kind === 'cancelled' && <p>Cancelled.</p>}
          {real.kind === 'failed' && <p className="editor-bad">The run failed: {real.why}</p>}
          {run && realWords(program, run).map((words) => <p key={words}>{words}</p>)}
          {agreed !== undefined && (
            <p className="verdict" data-kind={agreed ? 'good' : 'bad'}>
              {agreed
                ? 'The real run ends as the simulated one.'
                : 'The real run ended otherwise than the simulated one.'}
            </p>
          )}
        </div>
      </div>
    </section>
  )
}
