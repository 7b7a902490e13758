/** A page with components that hold locks: what the hooks do over the browser's own mechanisms. */

import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { createLocks } from '../../src/locks'
import { useLock, useLockState } from '../../src/react'

const locks = createLocks()

function Draft({ name }: { readonly name: string }) {
  const { status, release, retry } = useLock(locks.mutex(name))
  return (
    <section aria-label={name}>
      <output>{status}</output>
      <button type="button" onClick={release}>
        Release
      </button>
      <button type="button" onClick={retry}>
        Retry
      </button>
    </section>
  )
}

function Queue({ name }: { readonly name: string }) {
  const { holders, waiters } = useLockState(locks.mutex(name))
  return (
    <section aria-label="Queue">
      {holders.length} holding, {waiters.length} waiting
    </section>
  )
}

function Page() {
  const [shown, show] = useState(true)
  const [name, setName] = useState('draft')
  return (
    <>
      <label>
        <input type="checkbox" checked={shown} onChange={() => show(!shown)} /> Show
      </label>
      <button type="button" onClick={() => setName('other')}>
        Another
      </button>
      <Queue name={name} />
      {shown && <Draft name={name} />}
    </>
  )
}

createRoot(document.body).render(
  <StrictMode>
    <Page />
  </StrictMode>,
)
