import { Dialog } from '@base-ui/react/dialog'
import { Menu, X } from 'lucide-react'
import type { PageId } from '../pages'
import { useStore } from '../store'
import { Brand } from './brand'
import { Nav } from './nav'
import { ShellTools } from './sidebar'
import './popup.css'
import './top-bar.css'

/** The sidebar of narrow windows: one line, and the rest behind a button. */
export function TopBar({ current }: { readonly current: PageId }) {
  const shown = useStore((state) => state.menuShown)
  const showMenu = useStore((state) => state.showMenu)
  return (
    <header className="top-bar">
      <Brand />
      <Dialog.Root open={shown} onOpenChange={showMenu}>
        <Dialog.Trigger className="button" data-look="icon" aria-label="Menu">
          <Menu size={19} aria-hidden="true" />
        </Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Backdrop className="backdrop" />
          <Dialog.Popup className="popup dialog menu-sheet">
            <div className="dialog-head">
              <Dialog.Title className="dialog-title">Pages</Dialog.Title>
              <Dialog.Close className="button" data-look="icon" aria-label="Close">
                <X size={17} aria-hidden="true" />
              </Dialog.Close>
            </div>
            <Nav current={current} onGo={() => showMenu(false)} />
            <ShellTools />
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </header>
  )
}
