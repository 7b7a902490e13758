/** Ten tasks with sections of 1 ms: as readers at once, or one at a time. */

import { locks } from './contenders'
import { now, shortSleep } from './time'

export interface Reading {
  readonly sections: number
  readonly seconds: number
  /** The most that were inside at one time. */
  readonly most: number
  /** How long a section really took, on average, in ms. */
  readonly section: number
}

export async function readers(order: {
  readonly how: 'read' | 'mutex'
  readonly name: string
  readonly tasks: number
  readonly ms: number
}): Promise<Reading> {
  const { how, name, tasks, ms } = order
  const lock = how === 'read' ? locks.rwLock(name) : undefined
  const mutex = how === 'mutex' ? locks.mutex(name) : undefined
  let inside = 0
  let most = 0
  let sections = 0
  let spent = 0
  const section = async () => {
    const start = now()
    most = Math.max(most, ++inside)
    await shortSleep(1)
    inside--
    sections++
    spent += now() - start
  }
  const from = now()
  await Promise.all(
    Array.from({ length: tasks }, async () => {
      while (now() < from + ms) {
        await lock?.read(section)
        await mutex?.run(section)
      }
    }),
  )
  return { sections, seconds: (now() - from) / 1000, most, section: spent / sections }
}
