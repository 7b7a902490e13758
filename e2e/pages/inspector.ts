/** An app with the inspector at hand: `agent` as on the other pages, and `inspector` besides. */

import './agent'
import * as shown from '../../src/inspector'

globalThis.inspector = shown

declare global {
  var inspector: typeof shown
}
