import { Menu } from '@base-ui/react/menu'
import { Check, ChevronDown } from 'lucide-react'
import { catalogue } from '../../scenario'
import { useStore } from '../store'
import { entryOf } from './entry'
import '../shell/popup.css'

/** The scenarios that come with the page, each by the question it answers. */
export function ScenarioMenu() {
  const shown = useStore((state) => entryOf(state.scenario)?.id)
  const choose = (id: string) => {
    const entry = catalogue.find((each) => each.id === id)
    if (entry) useStore.getState().show(entry)
  }
  return (
    <Menu.Root>
      <Menu.Trigger className="button">
        Scenarios
        <ChevronDown size={15} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-place" sideOffset={6} align="end">
          {/* Chosen with the mouse: the focus stays out of the way, so that Space plays. */}
          <Menu.Popup className="popup menu" finalFocus={(how) => how === 'keyboard'}>
            <Menu.RadioGroup value={shown ?? null} onValueChange={choose}>
              {catalogue.map(({ id, question, scenario }) => (
                <Menu.RadioItem key={id} value={id} closeOnClick className="menu-item">
                  <Menu.RadioItemIndicator keepMounted className="menu-check">
                    <Check size={15} aria-hidden="true" />
                  </Menu.RadioItemIndicator>
                  <span>
                    <span className="menu-title">{question}</span>
                    <span className="menu-about">{scenario.title}</span>
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
