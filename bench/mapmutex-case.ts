/**
 * mapmutex's benchmark cases, `actions_keys_goroutines_averageMs`: every goroutine does its load
 * of jobs one after the other; a job sleeps a random whole number of ms below twice the average,
 * under the lock of a random key. Neighbours in the list of goroutines have shifted a random part
 * of their even loads between them.
 */

export interface MapMutexCase {
  readonly actions: number
  readonly keys: number
  readonly tasks: number
  /** ms */
  readonly average: number
}

export interface Job {
  readonly key: number
  /** ms */
  readonly sleep: number
}

/** The jobs of each task. */
export type Plan = readonly (readonly Job[])[]

/** @param random from [0, 1) */
export function planOf(
  { actions, keys, tasks, average }: MapMutexCase,
  random: () => number,
): Plan {
  const below = (limit: number) => Math.floor(random() * limit)
  return loads(actions, tasks, below).map((load) =>
    Array.from({ length: load }, () => ({ key: below(keys), sleep: below(2 * average) })),
  )
}

function loads(actions: number, tasks: number, below: (limit: number) => number): number[] {
  const even = Math.floor(actions / tasks)
  const result = Array.from({ length: tasks }, (_, task) => even + (task < actions % tasks ? 1 : 0))
  for (let left = 0; left + 1 < tasks; left += 2) {
    const right = left + 1
    const a = result[left] ?? 0
    const b = result[right] ?? 0
    const part = below(Math.min(a, b))
    const shift = below(part + 1) % 2 === 0 ? part : -part
    result[left] = a - shift
    result[right] = b + shift
  }
  return result
}
