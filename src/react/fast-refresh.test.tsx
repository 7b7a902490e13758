// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Locks } from '../locks/create-locks'
import { testLocks } from '../locks/testing/test-locks'

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  vi.resetModules()
})
afterEach(() => vi.unstubAllGlobals())

/** React with the hook by which a development server swaps components. */
async function withFastRefresh() {
  const { default: refresh } = await import('react-refresh/runtime')
  refresh.injectIntoGlobalHook(window)
  const { mount, settle } = await import('./testing/mount')
  const { useLock } = await import('./use-lock')
  /** A module's evaluation: the component it defines, under the name that it keeps. */
  const define = (words: string, locks: Locks, signature: string) => {
    function Draft() {
      return `${words}: ${useLock(locks.mutex('draft')).status}`
    }
    refresh.register(Draft, 'draft.tsx Draft')
    refresh.setSignature(Draft, signature)
    return Draft
  }
  return { refresh, mount, settle, define }
}

it.each([
  ['keeps', 'the hooks it had', 'useLock'],
  ['is mounted anew with', 'other hooks', 'useLock, useState'],
])('an edited component that %s %s holds the lock once', async (_verb, _hooks, signature) => {
  const { refresh, mount, settle, define } = await withFastRefresh()
  const { locks } = testLocks()
  for (const strict of [false, true]) {
    const Draft = define('before', locks, 'useLock')
    await settle(() => refresh.performReactRefresh())
    const page = await mount(<Draft />, strict)
    expect(page.text()).toBe('before: held')

    define('after', locks, signature)
    await settle(() => refresh.performReactRefresh())
    expect(page.text()).toBe('after: held')
    expect(locks.stats()).toEqual({ holds: 1, waits: 0, names: 1 })
    await page.unmount()
    expect(locks.stats().holds).toBe(0)
  }
})
