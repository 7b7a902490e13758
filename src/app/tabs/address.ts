/** What an address says of the page "Tabs": the scene, and who takes part. */

import type { PageAddress } from '../address'
import { sceneOf } from './scenes'
import { decodeSettings, encodeSettings, firstSettings } from './settings'

export const tabsAddress: PageAddress = {
  instead: sceneOf(firstSettings.scene).name,
  linkOf: ({ tabs }) => encodeSettings(tabs.settings),
  read: (link) => {
    const decoded = decodeSettings(link)
    if (decoded.kind !== 'ok') return decoded
    return { kind: 'ok', show: ({ tabs }) => tabs.show(decoded.settings) }
  },
  reset: ({ tabs }) => tabs.show(firstSettings),
  leave: ({ tabs }) => tabs.leave(),
  changeOf: ({ tabs: { settings: now } }, { tabs: { settings: before } }) => {
    if (now === before) return undefined
    return now.scene === before.scene ? 'amendment' : 'step'
  },
}
