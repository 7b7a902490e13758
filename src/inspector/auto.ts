/** `latchkey/inspector/auto`: imported, it shows the inspector. Nothing happens where there is no page. */

import { type Inspector, showInspector } from './inspector'

/** What it has shown; `undefined` where there is no page. */
export const inspector: Inspector | undefined =
  typeof document === 'undefined' ? undefined : showInspector()
