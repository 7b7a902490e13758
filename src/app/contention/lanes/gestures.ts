/**
 * Wheel, drag and pinch on one element, as moves of a view. One finger moves the picture sideways
 * and scrolls the page up and down (`touch-action: pan-y`); two fingers zoom.
 */

export interface Gestures {
  /** To the right in the data, as a share of the picture's width. */
  readonly pan: (share: number) => void
  /** Answers whether anything changed: where not, the wheel belongs to the page. */
  readonly zoom: (factor: number, place: number) => boolean
  readonly point: (at: { readonly x: number; readonly y: number } | undefined) => void
  readonly choose: (at: { readonly x: number; readonly y: number }) => void
}

/** Pixels that a pointer may move and still have clicked. */
const still = 5

interface Finger {
  readonly x: number
  readonly y: number
}

/** @returns what stops it */
export function listenToGestures(element: HTMLElement, gestures: Gestures): () => void {
  const fingers = new Map<number, Finger>()
  let moved = 0
  const own = new AbortController()
  const placeOf = (event: MouseEvent): Finger => {
    const box = element.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const on = <Type extends keyof HTMLElementEventMap>(
    type: Type,
    listener: (event: HTMLElementEventMap[Type]) => void,
  ) => element.addEventListener(type, listener, { signal: own.signal, passive: false })

  on('pointerdown', (event) => {
    if (event.button !== 0) return
    if (fingers.size === 0) moved = 0
    fingers.set(event.pointerId, placeOf(event))
    element.setPointerCapture(event.pointerId)
  })
  on('pointermove', (event) => {
    const at = placeOf(event)
    const before = fingers.get(event.pointerId)
    if (!before) {
      gestures.point(at)
      return
    }
    fingers.set(event.pointerId, at)
    moved += Math.hypot(at.x - before.x, at.y - before.y)
    const width = element.clientWidth || 1
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1]
    if (!other) {
      if (moved > still) gestures.pan((before.x - at.x) / width)
      return
    }
    const apart = Math.abs(before.x - other.x)
    const factor = Math.abs(at.x - other.x) / Math.max(apart, 1)
    // Fingers one above the other say nothing about time.
    if (apart > 24 && factor > 0.2 && factor < 5) {
      gestures.zoom(factor, (at.x + other.x) / 2 / width)
    }
    gestures.pan((before.x - at.x) / 2 / width)
  })
  const lift = (event: PointerEvent) => {
    const clicked = fingers.size === 1 && moved <= still && event.type === 'pointerup'
    if (fingers.delete(event.pointerId) && clicked) gestures.choose(placeOf(event))
  }
  on('pointerup', lift)
  on('pointercancel', lift)
  on('pointerleave', () => gestures.point(undefined))
  on('wheel', (event) => {
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1
    const [across, along] = [event.deltaX * lines, event.deltaY * lines]
    const width = element.clientWidth || 1
    if (event.shiftKey || Math.abs(across) > Math.abs(along)) {
      gestures.pan((across || along) / width)
      event.preventDefault()
      return
    }
    // Pinching on a touchpad arrives as a wheel with Ctrl, in smaller steps.
    const factor = Math.exp(-along * (event.ctrlKey ? 0.01 : 0.002))
    if (gestures.zoom(factor, placeOf(event).x / width)) event.preventDefault()
  })
  return () => own.abort()
}
