// @vitest-environment happy-dom
import { act } from 'react'
import { createRoot } from 'react-dom/client'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ErrorBoundary } from './error-boundary'

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  vi.stubGlobal('reportError', vi.fn())
  vi.spyOn(console, 'error').mockReturnValue()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

it('says what failed and with which words, reports it, and tries again', async () => {
  let broken = true
  function Lanes() {
    if (broken) throw new Error('No such lane: 7')
    return <p>the lanes</p>
  }
  const frame = document.createElement('div')
  const root = createRoot(frame)
  const draw = (policy: string) =>
    act(() =>
      root.render(
        <ErrorBoundary what="The lanes" retryOn={policy}>
          <Lanes />
        </ErrorBoundary>,
      ),
    )
  await draw('go')
  expect(frame.querySelector('[role="alert"]')?.textContent).toContain(
    'The lanes could not be shown. No such lane: 7',
  )
  expect(reportError).toHaveBeenCalledOnce()

  broken = false
  await act(() => frame.querySelector('button')?.click())
  expect(frame.textContent).toBe('the lanes')

  broken = true
  await draw('go')
  expect(frame.querySelector('[role="alert"]')).not.toBeNull()
  broken = false
  await draw('web-locks')
  expect(frame.textContent).toBe('the lanes')
  await act(() => root.unmount())
})
