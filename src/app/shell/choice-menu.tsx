import { Menu } from '@base-ui/react/menu'
import { Check, ChevronDown } from 'lucide-react'
import './popup.css'

interface Choice {
  readonly id: string
  readonly title: string
  readonly about: string
}

interface ChoiceMenuProps {
  readonly name: string
  readonly entries: readonly Choice[]
  /** The id of what is shown, if it is one of these. */
  readonly shown: string | undefined
  readonly choose: (id: string) => void
}

/** What comes with a page, to choose from. */
export function ChoiceMenu({ name, entries, shown, choose }: ChoiceMenuProps) {
  return (
    <Menu.Root>
      <Menu.Trigger className="button">
        {name}
        <ChevronDown size={15} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-place" sideOffset={6} align="end">
          {/* Chosen with the mouse: the focus stays out of the way, so that Space plays. */}
          <Menu.Popup className="popup menu" finalFocus={(how) => how === 'keyboard'}>
            <Menu.RadioGroup value={shown ?? null} onValueChange={choose}>
              {entries.map(({ id, title, about }) => (
                <Menu.RadioItem key={id} value={id} closeOnClick className="menu-item">
                  <Menu.RadioItemIndicator keepMounted className="menu-check">
                    <Check size={15} aria-hidden="true" />
                  </Menu.RadioItemIndicator>
                  <span>
                    <span className="menu-title">{title}</span>
                    <span className="menu-about">{about}</span>
                  </span>
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
