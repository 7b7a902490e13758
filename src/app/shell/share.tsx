import { Popover } from '@base-ui/react/popover'
import { useState } from 'react'
import { addressOf } from '../address'
import { type State, useStore } from '../store'
import './popup.css'

interface Props {
  /** What the link opens, as the end of “It opens”. */
  readonly whatOf: (state: State) => string
}

type Outcome = 'copying' | 'copied' | 'refused'

/**
 * Copies a link to what is shown, at this moment. The link is there to be copied by hand,
 * too: pages may be refused the clipboard.
 */
export function Share({ whatOf }: Props) {
  const [outcome, setOutcome] = useState<Outcome>('copying')
  const [link, setLink] = useState('')
  const [what, setWhat] = useState('')
  const share = async (open: boolean) => {
    if (!open) return
    const state = useStore.getState()
    const made = new URL(addressOf(state), location.href).href
    setLink(made)
    setWhat(whatOf(state))
    setOutcome('copying')
    setOutcome(await copied(made))
  }
  return (
    <Popover.Root onOpenChange={share}>
      <Popover.Trigger className="button">Share</Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="popup-place" sideOffset={6} align="end">
          <Popover.Popup className="popup share">
            <Popover.Title className="share-title">
              <span role="status">
                {outcome === 'copying' && 'Copying the link…'}
                {outcome === 'copied' && 'Link copied.'}
                {outcome === 'refused' &&
                  'The browser did not let us copy: take the link from here.'}
              </span>
            </Popover.Title>
            <Popover.Description className="share-what">It opens {what}.</Popover.Description>
            <input
              className="share-link"
              aria-label="Link to this moment"
              readOnly
              value={link}
              onFocus={(event) => event.currentTarget.select()}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

async function copied(text: string): Promise<Outcome> {
  try {
    await navigator.clipboard.writeText(text)
    return 'copied'
  } catch {
    // Refused, or not there at all: on plain http there is no clipboard.
    return 'refused'
  }
}
