/** The way in: `showInspector`. */

import { createLocks, type Locks, UnsupportedError } from '../locks'
import { checkNumber, checkOptions, refuse } from '../locks/arguments'
import type { Recorder } from '../observe'
import { Panel } from './panel'

export interface InspectorOptions {
  /** Whose locks. Default: those of the origin, `createLocks()`. */
  readonly locks?: Locks | undefined
  /** From when on a wait is marked as long, in ms. Default 1,000. */
  readonly threshold?: number | undefined
  /** Where to put it. Default: it floats over the page. */
  readonly container?: Element | undefined
  /** Where contention is read from, if these locks are recorded already: what `record` answered. */
  readonly recorder?: Recorder | undefined
}

export interface Inspector {
  /** Closes it, once all who opened it have; then nothing is watched any more. */
  close(): void
}

interface Shown {
  readonly panel: Panel
  readonly users: Set<Inspector>
}

/** By where it is, for all bundled copies of the library. */
const registryKey = Symbol.for('latchkey inspector')

function registry(): Map<Element, Shown> {
  const realm = globalThis as { [registryKey]?: Map<Element, Shown> }
  realm[registryKey] ??= new Map()
  return realm[registryKey]
}

/**
 * Shows a panel with all locks of the origin: who holds them and who waits for them, in this page, in
 * other tabs and workers, and in code that uses `navigator.locks` itself; of this page also deadlocks,
 * order warnings, the contention that its locks cause, and its latest events. For development: it costs
 * the locks of all tabs a little while it is open (`npm run bench -- --only inspector-cost`).
 *
 * The page's styles do not reach it, nor its styles the page. Alt+Shift+L opens and collapses it,
 * Escape collapses it. Who opens it where it is open already gets the same one, as it is.
 *
 * @throws TypeError, RangeError for bad options; UnsupportedError where there is no page
 * @example
 * const inspector = showInspector({ threshold: 500 })
 * await cart.run(async () => { await save() })
 * inspector.close()
 */
export function showInspector(options: InspectorOptions = {}): Inspector {
  checkOptions(options)
  const { locks, threshold = 1000, container, recorder } = options
  checkNumber('threshold', threshold, 1, 2 ** 31 - 1)
  if (typeof document === 'undefined') {
    throw new UnsupportedError('the inspector needs a page: there is no document here')
  }
  if (locks !== undefined && typeof locks?.space?.agent !== 'string') {
    refuse('locks', 'be what createLocks answers', locks)
  }
  if (recorder !== undefined && typeof recorder?.recording !== 'function') {
    refuse('recorder', 'be what record answers', recorder)
  }
  if (container !== undefined && typeof container?.append !== 'function') {
    refuse('container', 'be an element', container)
  }
  const where = container ?? document.documentElement
  const all = registry()
  const shown = all.get(where) ?? open(where, { locks, threshold, container, recorder })
  const user: Inspector = {
    close() {
      shown.users.delete(user)
      if (shown.users.size === 0) shut(where, shown)
    },
  }
  shown.users.add(user)
  return user
}

function open(
  where: Element,
  { locks, threshold, container, recorder }: Required<InspectorOptions> & { threshold: number },
): Shown {
  const onClose = () => shut(where, shown)
  const settings = { locks: locks ?? createLocks(), threshold, container, recorder, onClose }
  const shown: Shown = { panel: new Panel(settings), users: new Set() }
  registry().set(where, shown)
  return shown
}

function shut(where: Element, shown: Shown): void {
  if (registry().get(where) !== shown) return
  registry().delete(where)
  shown.panel.close()
}
