/** The inspector, open in this page. */

import { showInspector } from '../../src/inspector'
import { locks } from './contenders'

/** Opens it, at the list of locks, as it opens by itself. */
export function inspect(): void {
  showInspector({ locks })
}

/** What it says: that it was on, and saw what happened. */
export function inspected(): string {
  const root = document.querySelector('[data-latchkey-inspector]')?.shadowRoot
  return root?.querySelector('[role="tabpanel"]:not([hidden])')?.textContent ?? ''
}
