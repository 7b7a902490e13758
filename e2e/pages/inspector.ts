/** An app with the inspector at hand: `agent` as on the other pages, and `inspector` besides. */

import './agent'
import * as inspector from '../../src/inspector'

globalThis.inspector = inspector

declare global {
  var inspector: typeof import('../../src/inspector')
}
