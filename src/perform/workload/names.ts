/** How the participants, tasks and locks of a workload are called in its events. */

import type { LockMode } from '../../locks'
import type { Action, Workload } from '../../scenario'

/** Participants are the page's workers, then one for each tab. */
export function agentOf({ workers }: Pick<Workload, 'workers'>, participant: number): string {
  return participant < workers ? `Worker ${participant + 1}` : `Tab ${participant - workers + 1}`
}

export function taskOf(workload: Workload, runner: number): string {
  const agent = agentOf(workload, Math.floor(runner / workload.tasks))
  return workload.tasks === 1 ? agent : `${agent} · task ${(runner % workload.tasks) + 1}`
}

/** What an action locks, or would. */
export function lockOf({ lock }: Pick<Workload, 'lock'>, key: number): string {
  return lock.kind === 'mutex' ? 'one mutex' : `key ${key + 1}`
}

/** Reads share what can be shared; without a lock they would, too. Permits are shared by all. */
export function modeOf({ lock }: Pick<Workload, 'lock'>, { mode }: Pick<Action, 'mode'>): LockMode {
  if (lock.kind === 'semaphore') return 'shared'
  const shares = lock.kind === 'rw-lock' || lock.kind === 'navigator-locks' || lock.kind === 'none'
  return mode === 'read' && shares ? 'shared' : 'exclusive'
}
