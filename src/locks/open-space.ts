/** The space of a reach, for every way in: all of them share it. */

import { checkChoice } from './arguments'
import type { Reach } from './ports/port'
import { Space, spaceOf } from './space'
import { openPorts } from './support'

/** @throws TypeError for an unknown reach */
export function openSpace(reach: Reach): Space {
  checkChoice('reach', reach, ['realm', 'cluster', 'origin', 'network'])
  return spaceOf(reach, () => new Space(reach, openPorts))
}
