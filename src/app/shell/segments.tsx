import type { LucideIcon } from 'lucide-react'
import { keepFocus } from './keep-focus'
import './segments.css'

interface Option<Id extends string> {
  readonly id: Id
  readonly text: string
  readonly icon?: LucideIcon
}

interface Props<Id extends string> {
  readonly label: string
  readonly value: Id
  readonly options: readonly Option<Id>[]
  readonly onChoose: (id: Id) => void
  readonly look?: 'text' | 'icons'
}

/**
 * One of a few, all visible. Buttons and not radios: the arrow keys belong to the timeline,
 * also just after a choice was made here.
 */
export function Segments<Id extends string>(props: Props<Id>) {
  const { label, value, options, onChoose, look = 'text' } = props
  return (
    <fieldset className="segments" aria-label={label} data-look={look} data-count={options.length}>
      {options.map(({ id, text, icon: Icon }) => (
        <button
          key={id}
          type="button"
          aria-pressed={id === value}
          title={look === 'icons' ? text : undefined}
          onMouseDown={keepFocus}
          onClick={() => onChoose(id)}
        >
          {Icon && <Icon size={16} aria-hidden="true" />}
          <span className={look === 'icons' ? 'unseen' : undefined}>{text}</span>
        </button>
      ))}
    </fieldset>
  )
}
