/**
 * How long a keyed workload takes under a lock that costs nothing: its jobs replayed in virtual
 * time, first come, first served on each key, with the sleeps as they really came out.
 */

export interface DoneJob {
  readonly key: number
  /** How long the key was needed. */
  readonly slept: number
}

/** @returns when the last job ends, in the unit of the sleeps */
export function virtualReplay(tasks: readonly (readonly DoneJob[])[]): number {
  const next = tasks.map(() => 0)
  const queues = new Map<number, number[]>()
  /** Who is inside, and until when; at one moment in the order of entering. */
  const inside: { readonly task: number; readonly key: number; readonly until: number }[] = []
  let now = 0

  const enter = (task: number, { key, slept }: DoneJob) => {
    inside.push({ task, key, until: now + slept })
  }
  const ask = (task: number) => {
    const job = tasks[task]?.[next[task] ?? 0]
    if (job === undefined) return
    const queue = queues.get(job.key)
    if (queue !== undefined) {
      queue.push(task)
      return
    }
    queues.set(job.key, [])
    enter(task, job)
  }

  for (const task of tasks.keys()) ask(task)
  while (inside.length > 0) {
    const first = inside.reduce((best, each) => (each.until < best.until ? each : best))
    inside.splice(inside.indexOf(first), 1)
    now = first.until
    next[first.task] = (next[first.task] ?? 0) + 1
    // The lock passes on before its last holder can ask again.
    const waiting = queues.get(first.key)?.shift()
    const job = waiting === undefined ? undefined : tasks[waiting]?.[next[waiting] ?? 0]
    if (waiting === undefined || job === undefined) queues.delete(first.key)
    else enter(waiting, job)
    ask(first.task)
  }
  return now
}
