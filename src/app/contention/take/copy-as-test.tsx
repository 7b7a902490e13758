import { Popover } from '@base-ui/react/popover'
import { useState } from 'react'
import { workloadAsTest } from '../../../scenario'
import { useStore } from '../../store'
import '../../shell/popup.css'

type Outcome = 'copying' | 'copied' | 'refused'

/** The workload as code: copied, and there to be read and copied by hand. */
export function CopyAsTest() {
  const workload = useStore(({ contention: { a, b, side } }) => (side === 'b' ? b : undefined) ?? a)
  const [text, setText] = useState('')
  const [outcome, setOutcome] = useState<Outcome>('copying')
  const open = async (opens: boolean) => {
    if (!opens) return
    const written = workloadAsTest(workload)
    setText(written)
    setOutcome('copying')
    try {
      await navigator.clipboard.writeText(written)
      setOutcome('copied')
    } catch {
      // Refused, or not there at all: on plain http there is no clipboard.
      setOutcome('refused')
    }
  }
  return (
    <Popover.Root onOpenChange={open}>
      <Popover.Trigger className="button">Copy as test</Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="popup-place" sideOffset={6} align="start">
          <Popover.Popup className="popup share as-test">
            <Popover.Title className="share-title">
              <span role="status">
                {outcome === 'copying' && 'Copying the test…'}
                {outcome === 'copied' && 'Test copied.'}
                {outcome === 'refused' &&
                  'The browser did not let us copy: take the test from here.'}
              </span>
            </Popover.Title>
            <Popover.Description className="share-what">
              It does the same with the library alone, on tasks of one realm.
            </Popover.Description>
            <textarea
              className="share-link"
              aria-label="The workload as a test"
              readOnly
              rows={14}
              value={text}
              onFocus={(event) => event.currentTarget.select()}
            />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
