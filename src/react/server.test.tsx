// @vitest-environment happy-dom
import { act } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Locks } from '../locks/create-locks'
import { UnsupportedError } from '../locks/errors'
import { Space } from '../locks/space'
import { testLocks } from '../locks/testing/test-locks'
import { useLock } from './use-lock'

beforeEach(() => vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true))
afterEach(() => vi.unstubAllGlobals())

function Draft({ locks }: { readonly locks: Locks }) {
  return <p>{useLock(locks.mutex('draft')).status}</p>
}

it('touches nothing on a server', () => {
  const open = vi.fn(() => {
    throw new UnsupportedError('there is nothing to lock with on a server')
  })
  const locks = new Locks(new Space('origin', open))
  expect(renderToString(<Draft locks={locks} />)).toBe('<p>idle</p>')
  expect(open).not.toHaveBeenCalled()
})

it('begins in the browser with what the server showed, then asks', async () => {
  const { locks } = testLocks()
  const frame = document.createElement('div')
  frame.innerHTML = renderToString(<Draft locks={locks} />)
  const wrong = vi.fn()
  const root = await act(() =>
    hydrateRoot(frame, <Draft locks={locks} />, { onRecoverableError: wrong }),
  )
  expect(frame.textContent).toBe('held')
  expect(wrong).not.toHaveBeenCalled()
  await act(() => root.unmount())
  expect(locks.stats().holds).toBe(0)
})
