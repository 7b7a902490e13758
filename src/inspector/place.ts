/** Where the panel stands and how it looks, remembered for the tab where that is allowed. */

export interface Place {
  /** Of its upper left corner, in CSS pixels; absent until it was moved. */
  readonly at?: { readonly x: number; readonly y: number }
  readonly collapsed: boolean
  readonly tab: string
}

const key = 'latchkey inspector'

/** Storage may be missing, blocked, full, or hold anything. */
export function recall(): Place {
  try {
    const { at, collapsed, tab } = JSON.parse(sessionStorage.getItem(key) ?? '{}')
    const known = Number.isFinite(at?.x) && Number.isFinite(at?.y)
    return {
      ...(known ? { at: { x: at.x, y: at.y } } : {}),
      collapsed: collapsed === true,
      tab: typeof tab === 'string' ? tab : '',
    }
  } catch {
    return { collapsed: false, tab: '' }
  }
}

export function remember(place: Place): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(place))
  } catch {
    // It will stand where it stands by default.
  }
}

interface Box {
  readonly width: number
  readonly height: number
}

/** The nearest place at which all of the box can be seen, or its upper left part if it is too large. */
export function within(at: { x: number; y: number }, box: Box, view: Box) {
  const clamp = (value: number, most: number) => Math.max(0, Math.min(value, most))
  return { x: clamp(at.x, view.width - box.width), y: clamp(at.y, view.height - box.height) }
}

/** Pixels by which an arrow key moves it, and with Shift. */
const step = 16
const leap = 64

/** Which way an arrow key moves it, if the key is one. */
export function stepOf(name: string, far: boolean): { x: number; y: number } | undefined {
  const by = far ? leap : step
  switch (name) {
    case 'ArrowLeft':
      return { x: -by, y: 0 }
    case 'ArrowRight':
      return { x: by, y: 0 }
    case 'ArrowUp':
      return { x: 0, y: -by }
    case 'ArrowDown':
      return { x: 0, y: by }
    default:
      return undefined
  }
}
