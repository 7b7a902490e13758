import { Dialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { useShallow } from 'zustand/react/shallow'
import { isPresent } from '../action'
import { actions } from '../actions'
import { useStore } from '../store'
import './popup.css'
import './keys-dialog.css'

/** Every key there is, from the actions themselves. */
export function KeysDialog() {
  const shown = useStore((state) => state.keysShown)
  const present = useStore(
    useShallow((state) => actions.filter((action) => isPresent(action, state))),
  )
  const showKeys = useStore((state) => state.showKeys)
  return (
    <Dialog.Root open={shown} onOpenChange={showKeys}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="popup dialog">
          <div className="dialog-head">
            <Dialog.Title className="dialog-title">Keys</Dialog.Title>
            <Dialog.Close className="button" data-look="icon" aria-label="Close">
              <X size={17} aria-hidden="true" />
            </Dialog.Close>
          </div>
          <dl className="keys">
            {present
              .filter(({ keys }) => keys.length > 0)
              .map(({ id, name, keys }) => (
                <div key={id}>
                  <dt>{name}</dt>
                  <dd>
                    {keys.slice(0, 1).map(({ cap }) => (
                      <kbd key={cap}>{cap}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
          </dl>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
