import { useShallow } from 'zustand/react/shallow'
import { type Action, isEnabled } from '../action'
import { useStore } from '../store'
import { keepFocus } from './keep-focus'

interface Props {
  readonly action: Action
  readonly look?: 'icon' | 'strong' | 'plain'
  readonly size?: number
}

/** An action as a button: its name, its icon, and whether it can be done now. */
export function ActionButton({ action, look = 'plain', size = 17 }: Props) {
  const { enabled, label, Icon } = useStore(
    useShallow((state) => ({
      enabled: isEnabled(action, state),
      label: action.label?.(state) ?? action.name,
      Icon: action.icon?.(state),
    })),
  )
  const key = action.keys[0]?.cap
  const bare = look !== 'plain' && Icon !== undefined
  return (
    <button
      type="button"
      className="button"
      data-action={action.id}
      data-look={look === 'plain' ? undefined : 'icon'}
      data-strong={look === 'strong' || undefined}
      // Not `disabled`: a button that goes dead under the focus drops it to the page's top.
      aria-disabled={!enabled}
      aria-label={bare ? label : undefined}
      aria-keyshortcuts={key}
      title={key ? `${label} (${key})` : label}
      onMouseDown={keepFocus}
      onClick={() => {
        const state = useStore.getState()
        if (isEnabled(action, state)) action.perform(state)
      }}
    >
      {Icon && bare && <Icon size={size} aria-hidden="true" fill="currentColor" strokeWidth={2} />}
      {!bare && label}
    </button>
  )
}
