import { Square } from 'lucide-react'
import { useShallow } from 'zustand/react/shallow'
import { carriers, type RealReach, type RealSpeed, whyNoRealRun } from '../../../perform'
import { keepFocus } from '../../shell/keep-focus'
import { useStore } from '../../store'
import { mechanismNames } from './mechanism-names'
import { carrierOf } from './real-run-slice'
import './run-controls.css'

const realSpeeds: readonly RealSpeed[] = [1, 10]

/** Plays the scenario on real workers, at its own speed or ten times it. */
export function RunControls() {
  const running = useStore((state) => state.realRun.kind === 'running')
  return <div className="run-controls">{running ? <Progress /> : <Start />}</div>
}

function Start() {
  const why = useStore((state) => whyNoRealRun(state.policy))
  const speed = useStore((state) => state.realSpeed)
  const reach = useStore((state) => carrierOf(state.realReach)?.reach)
  const { startRealRun, setRealSpeed, setRealReach } = useStore.getState()
  return (
    <>
      {why !== undefined && (
        <p id="why-not-real" className="run-why-not">
          {why}
        </p>
      )}
      {why === undefined && (
        <select
          className="select"
          aria-label="Speed on real workers"
          title="Speed on real workers"
          value={speed}
          onChange={(event) => {
            const chosen = realSpeeds.find((each) => String(each) === event.target.value)
            if (chosen) setRealSpeed(chosen)
          }}
        >
          {realSpeeds.map((each) => (
            <option key={each} value={each}>
              at {each}×
            </option>
          ))}
        </select>
      )}
      {why === undefined && (
        <select
          className="select"
          aria-label="What carries the lock"
          title="What carries the lock"
          value={reach}
          onChange={(event) => setRealReach(event.target.value as RealReach)}
        >
          {carriers().map((carrier) => (
            <option key={carrier.reach} value={carrier.reach}>
              {mechanismNames[carrier.mechanism]}
            </option>
          ))}
        </select>
      )}
      <button
        type="button"
        className="button"
        data-look="strong"
        disabled={why !== undefined}
        aria-describedby={why === undefined ? undefined : 'why-not-real'}
        onMouseDown={keepFocus}
        onClick={() => void startRealRun()}
      >
        Run on real workers
      </button>
    </>
  )
}

function Progress() {
  const { text, done, expected } = useStore(
    useShallow(({ realRun: run }) => {
      if (run.kind !== 'running') return { text: '', done: 0, expected: 1 }
      const { progress, expected } = run
      const done = run.events.length
      if (progress?.kind === 'running')
        return { text: `${done} of ${expected} events`, done, expected }
      const ready = progress ? `${progress.ready} of ${progress.threads} ` : ''
      return { text: `starting ${ready}workers`, done, expected }
    }),
  )
  return (
    <>
      <label className="run-progress" data-testid="progress">
        {text}
        <progress value={done} max={expected} />
      </label>
      <button
        type="button"
        className="button"
        onMouseDown={keepFocus}
        onClick={() => useStore.getState().cancelRealRun()}
      >
        <Square size={12} fill="currentColor" aria-hidden="true" />
        Cancel
      </button>
    </>
  )
}
