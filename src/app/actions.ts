/**
 * Everything one can do, once: the same entry serves the button, the key and the list of
 * keys, so that none of them can say something else than the others.
 */

import { CircleQuestionMark } from 'lucide-react'
import type { Action } from './action'
import { contentionKeys } from './contention/actions'
import { deadlocksKeys } from './deadlocks/actions'
import { pages } from './pages'
import { labKeys } from './seven-seconds/lab-actions'
import { tabsKeys } from './tabs/actions'

const shellActions: readonly Action[] = [
  {
    id: 'keys',
    name: 'List the keys',
    icon: () => CircleQuestionMark,
    keys: [{ key: '?', cap: '?' }],
    perform: (state) => state.showKeys(!state.keysShown),
  },
  ...pages.map(
    (page): Action => ({
      id: `page:${page.id}`,
      name: `Open “${page.name}”`,
      keys: [{ key: page.key, cap: page.key }],
      // Whoever schedules threads by their numbers does not want to be sent elsewhere.
      present: ({ page, deadlocks }) => page !== 'deadlocks' || !deadlocks.choosing,
      perform: () => {
        if (!location.hash.startsWith(`#/${page.id}`)) location.hash = `#/${page.id}`
      },
    }),
  ),
]

export const actions: readonly Action[] = [
  ...labKeys,
  ...deadlocksKeys,
  ...contentionKeys,
  ...tabsKeys,
  ...shellActions,
]
