import type { MouseEvent } from 'react'

/**
 * A click with the mouse leaves the focus where it is, so that Space goes on playing and
 * pausing after someone has clicked a policy or a step button. With the keyboard nothing
 * changes: a button that is tabbed to has the focus and takes Space itself.
 */
export function keepFocus(event: MouseEvent) {
  event.preventDefault()
}
