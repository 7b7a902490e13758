/** A scenario played on real workers. */

import { assertScenario, type Scenario } from '../scenario'
import { dismiss } from './dismiss'
import { RealRunError } from './errors'
import { Run } from './run'
import { carriers, whyNoRealRun } from './support'
import type { PerformOptions, RealRun } from './types'

/**
 * Plays the scenario on real workers, one for each thread, with the library's own RW lock at the
 * reach that is asked for, on a name of its own: runs do not disturb each other. The lock is `strict`,
 * so that the order between workers is exact. No lock and no worker of the run is left when
 * the promise settles.
 *
 * Rejects with `signal.reason`, or with {@link RealRunError}; with `RangeError` for a scenario
 * beyond the limits.
 *
 * @example
 * const { events } = await perform(sevenSeconds.scenario, { policy: 'go', speed: 10 })
 */
export async function perform(scenario: Scenario, options: PerformOptions): Promise<RealRun> {
  assertScenario(scenario)
  const { policy, reach, signal } = options
  signal?.throwIfAborted()
  const carrier = carriers().find((each) => reach === undefined || each.reach === reach)
  const why = whyNoRealRun(policy) ?? (carrier ? undefined : `Nothing carries '${reach}' here.`)
  if (carrier === undefined || why !== undefined) {
    const threads = scenario.threads.map(({ name }) => name)
    throw new RealRunError('unsupported', threads, why ?? '')
  }
  const end = new AbortController()
  const abort = () => end.abort(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  const run = new Run(scenario, carrier, options, end)
  try {
    return await run.play()
  } finally {
    signal?.removeEventListener('abort', abort)
    // What still arrives is of no interest to anybody.
    end.abort()
    await dismiss(run.workers, run.locks, run.lock)
  }
}
