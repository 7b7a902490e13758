/** Tabs that somebody in one of them has had enough of: their ports are real, the tabs are not. */

import { afterEach, expect, it, vi } from 'vitest'
import { cancelWish } from '../cancel-wish'
import type { OpenTab } from '../open-tab'
import { openWorkloadTabs } from './workload-tabs'

const channels: MessageChannel[] = []

afterEach(() => {
  for (const { port1, port2 } of channels.splice(0)) {
    port1.close()
    port2.close()
  }
})

/** `there`: what a tab says into its port. */
function greeted(): { readonly tab: OpenTab; readonly there: MessagePort } {
  const channel = new MessageChannel()
  channels.push(channel)
  const gone = new AbortController().signal
  return {
    tab: { port: channel.port1, gone, close: async () => {}, leave() {} },
    there: channel.port2,
  }
}

const until = (signal: AbortSignal) => vi.waitFor(() => expect(signal.aborted).toBe(true))

it('end with an AbortError when one of them says so, and hear nothing else', async () => {
  const [one, other] = [greeted(), greeted()]
  const ready = [one.tab, other.tab]
  const tabs = openWorkloadTabs(2, { open: async () => ready.shift() ?? one.tab })
  await tabs.opened
  one.there.postMessage(null)
  one.there.postMessage({ type: 'worker failed', run: 'another', message: '' })
  other.there.postMessage(cancelWish)
  await until(tabs.ended)
  expect(tabs.ended.reason).toMatchObject({ name: 'AbortError', message: 'Cancelled.' })
})

it('are heard while others still open, which are given up then', async () => {
  const { tab, there } = greeted()
  let opened = 0
  const never = (signal: AbortSignal | undefined) =>
    new Promise<OpenTab>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason))
    })
  const open = async ({ signal }: { readonly signal?: AbortSignal | undefined }) =>
    opened++ === 0 ? tab : never(signal)
  const tabs = openWorkloadTabs(2, { open })
  there.postMessage(cancelWish)
  await expect(tabs.opened).rejects.toMatchObject({ name: 'AbortError' })
})

it('end with the signal that they were opened with', async () => {
  const given = new AbortController()
  const tabs = openWorkloadTabs(0, { signal: given.signal })
  expect(tabs.ended.aborted).toBe(false)
  given.abort('enough')
  expect(tabs.ended.reason).toBe('enough')
  await tabs.close()
})
