/**
 * Keys to actions. A key is left alone where it means something already: while typing, on a
 * control that uses it, together with Ctrl, Alt or Meta, and under a dialog.
 */

import { type Action, isEnabled, isPresent } from './action'
import { actions } from './actions'
import type { State } from './store'

type Pressed = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey' | 'target'>

const uses = 'input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"]'
const pressable = 'button, a[href], summary, [role="button"]'

function isTaken({ key, target }: Pressed): boolean {
  if (!(target instanceof Element)) return false
  if (target.closest(uses)) return true
  return (key === ' ' || key === 'Enter') && target.closest(pressable) !== null
}

export function actionFor(event: Pressed, state: State): Action | undefined {
  if (event.ctrlKey || event.altKey || event.metaKey || isTaken(event)) return undefined
  const action = actions.find(
    (each) =>
      isPresent(each, state) &&
      each.keys.some(
        ({ key, shift }) =>
          // Shift is part of how '?' and '+' are typed, so it counts for named keys only.
          key === event.key && (key.length === 1 || event.shiftKey === (shift ?? false)),
      ),
  )
  return action && isEnabled(action, state) ? action : undefined
}

export function listenToKeys(target: Window, read: () => State): () => void {
  const press = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return
    const state = read()
    const action = actionFor(event, state)
    if (!action) return
    // Space would scroll the page, End would go to its foot.
    event.preventDefault()
    action.perform(state)
  }
  target.addEventListener('keydown', press)
  return () => target.removeEventListener('keydown', press)
}
