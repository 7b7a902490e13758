/** One thing that one can do: what its button, its key and the list of keys are made from. */

import type { LucideIcon } from 'lucide-react'
import type { State } from './store'

export interface Action {
  readonly id: string
  /** As the list of keys names it. */
  readonly name: string
  /** As its button is called just now, where that differs. */
  readonly label?: (state: State) => string
  readonly icon?: (state: State) => LucideIcon
  readonly keys: readonly Key[]
  /** Whether it belongs to what is shown; where not, its key is free for others. */
  readonly present?: (state: State) => boolean
  readonly enabled?: (state: State) => boolean
  readonly perform: (state: State) => void
}

export interface Key {
  /** `KeyboardEvent.key` */
  readonly key: string
  readonly shift?: boolean
  /** As it stands on the keyboard. */
  readonly cap: string
}

export const isPresent = (action: Action, state: State) => action.present?.(state) ?? true

export const isEnabled = (action: Action, state: State) => action.enabled?.(state) ?? true
