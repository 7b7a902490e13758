import { Menu } from '@base-ui/react/menu'
import { Check, ChevronDown } from 'lucide-react'
import { programCases } from '../../../scenario'
import { useStore } from '../../store'
import { caseOf, programOfCase } from './cases'
import '../../shell/popup.css'

const troubles = {
  deadlock: 'deadlock',
  stuck: 'somebody waits for ever, without a cycle',
  misuse: 'an unlock of what is not held',
  'lost-update': 'a lost update',
}

/** The programs that come with the page, each by what goes wrong. */
export function CaseMenu() {
  const shown = useStore(({ deadlocks }) => caseOf(deadlocks.program)?.entry.id)
  const choose = (id: string) => {
    const entry = programCases.find((each) => each.id === id)
    if (entry) {
      useStore.getState().deadlocks.show({ program: programOfCase({ entry, variant: 'broken' }) })
    }
  }
  return (
    <Menu.Root>
      <Menu.Trigger className="button">
        Cases
        <ChevronDown size={15} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-place" sideOffset={6} align="end">
          {/* Chosen with the mouse: the focus stays out of the way, so that Space plays. */}
          <Menu.Popup className="popup menu" finalFocus={(how) => how === 'keyboard'}>
            <Menu.RadioGroup value={shown ?? null} onValueChange={choose}>
              {programCases.map(({ id, title, trouble }) => (
                <Menu.RadioItem key={id} value={id} closeOnClick className="menu-item">
                  <Menu.RadioItemIndicator keepMounted className="menu-check">
                    <Check size={15} aria-hidden="true" />
                  </Menu.RadioItemIndicator>
                  <span>
                    <span className="menu-title">{title}</span>
                    <span className="menu-about">{troubles[trouble]}</span>
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
