/** The space of a reach, for every way in: all of them share it. */

import { checkChoice, refuse } from './arguments'
import { openPorts } from './open-ports'
import type { OriginMechanism, Reach } from './ports/port'
import { checkLockMemory } from './ports/shared-memory/create-lock-memory'
import { Space, spaceOf } from './space'
import { supportOf, type Wish } from './support'

/**
 * @throws TypeError for an unknown reach or mechanism, and for a memory that is none or not wanted
 * @throws UnsupportedError for a memory of another version
 */
export function openSpace(reach: Reach, wish: Wish = {}): Space {
  const { memory, mechanism } = wish
  checkChoice('reach', reach, ['realm', 'cluster', 'origin', 'network'])
  if (memory !== undefined) {
    if (reach !== 'cluster') refuse('reach', "be 'cluster' where a memory is given", reach)
    checkLockMemory(memory)
  }
  if (mechanism !== undefined) {
    checkChoice('mechanism', mechanism, ['web-locks', 'indexed-db'])
    if (reach !== 'origin') refuse('reach', "be 'origin' where a mechanism is given", reach)
  }
  const apart = mechanism !== undefined && !isOwn(mechanism) ? mechanism : undefined
  const make = () => new Space(reach, openPorts, undefined, { memory, mechanism: apart })
  return spaceOf(apart === undefined ? reach : `${reach} over ${apart}`, memory, make)
}

/** Whether it is what this origin's locks are carried by without being asked for. */
function isOwn(mechanism: OriginMechanism): boolean {
  const own = supportOf('origin')
  return own.supported && own.mechanism === mechanism
}
