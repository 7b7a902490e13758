/** The space of a reach, for every way in: all of them share it. */

import { checkChoice, refuse } from './arguments'
import { openPorts } from './open-ports'
import type { Reach } from './ports/port'
import { checkLockMemory } from './ports/shared-memory/create-lock-memory'
import { Space, spaceOf } from './space'

/**
 * @throws TypeError for an unknown reach, and for a memory that is none or not wanted
 * @throws UnsupportedError for a memory of another version
 */
export function openSpace(reach: Reach, memory?: SharedArrayBuffer): Space {
  checkChoice('reach', reach, ['realm', 'cluster', 'origin', 'network'])
  if (memory !== undefined) {
    if (reach !== 'cluster') refuse('reach', "be 'cluster' where a memory is given", reach)
    checkLockMemory(memory)
  }
  return spaceOf(reach, memory, () => new Space(reach, openPorts, undefined, memory))
}
