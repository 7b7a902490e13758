import { useRun } from '../use-run'

/** Where a run does not simply finish: who waits for ever, or where it was cut off. */
export function OutcomeNote() {
  const { outcome } = useRun()
  if (outcome.kind === 'finished') return null
  const at = `second ${outcome.time / 1000}`
  return (
    <p className="outcome-note">
      {outcome.kind === 'deadlock'
        ? `From ${at} on nobody can go on: ${outcome.threads.join(', ')} wait for each other.`
        : `The run is cut off at ${at}, after ${outcome.limit} steps.`}
    </p>
  )
}
