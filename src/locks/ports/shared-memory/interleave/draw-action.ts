/** Random schedules: mostly the same thread goes on, sometimes another one, seldom somebody dies. */

import { at, field } from './control'
import { nextRandom } from './hash'
import { action } from './schedule'

/** @param usual what is done if nothing is drawn, @param can, kill, timeout a bit for each thread */
export function drawAction(
  control: Int32Array,
  usual: number,
  can: number,
  kill: number,
  timeout: number,
): number {
  const draw = (below: number): number => {
    const next = nextRandom(at(control, field.random))
    control[field.random] = next
    return (next >>> 1) % below
  }
  const oneOf = (mask: number): number => {
    const threads = [0, 1, 2, 3, 4, 5, 6, 7].filter((thread) => (mask & (1 << thread)) !== 0)
    return threads[draw(threads.length)] ?? 0
  }
  const luck = draw(64)
  if (luck < 2 && kill !== 0) return action.kill(oneOf(kill))
  if (luck < 6 && timeout !== 0) return action.timeout(oneOf(timeout))
  return luck < 24 ? action.run(oneOf(can)) : usual
}
