/** A page and the tab that it opens, in one realm: their ports are real, their windows are not. */

import { afterEach, describe, expect, it, vi } from 'vitest'
import { createLocks, type Hold, type WaitOptions } from '../locks'
import { greetOpener } from './greet-opener'
import { type OpeningWindow, openTab } from './open-tab'
import { here, type LifeLocks, TabError } from './tab-greeting'

const all = createLocks({ reach: 'realm' })
const address = 'tab.html'
const origin = 'https://here.test'

/** One end's locks: when it is closed, reloaded or crashes, they are free and it asks for none. */
function mortal() {
  const holds: Hold[] = []
  const end = new AbortController()
  const acquire = async (name: string, { signal = end.signal }: WaitOptions = {}) => {
    const hold = await all.mutex(name).acquire({ signal: AbortSignal.any([signal, end.signal]) })
    holds.push(hold)
    return hold
  }
  const locks = {
    mutex: (name: string) => ({ acquire: (options?: WaitOptions) => acquire(name, options) }),
  } as unknown as LifeLocks
  const die = () => {
    end.abort()
    for (const hold of holds) hold[Symbol.dispose]()
  }
  return { locks, die }
}

/** A window that opens one tab, which greets it as soon as `load` is called. */
function windows() {
  const listeners = new Set<(event: MessageEvent) => void>()
  const [page, other] = [mortal(), mortal()]
  const { locks } = page
  const close = () => {
    tab.closed = true
    other.die()
  }
  const tab = { closed: false, close }
  const opened: string[] = []
  const opener = {
    open: (address: string) => {
      opened.push(address)
      return tab
    },
    addEventListener: (_: string, listener: (event: MessageEvent) => void) =>
      listeners.add(listener),
    removeEventListener: (_: string, listener: (event: MessageEvent) => void) =>
      listeners.delete(listener),
  } as unknown as OpeningWindow
  const greetFrom = (source: unknown, from = origin) => ({
    postMessage: (data: unknown, _: unknown, ports: readonly MessagePort[]) => {
      const event = { source, origin: from, data, ports } as unknown as MessageEvent
      for (const each of [...listeners]) each(event)
    },
  })
  const load = (within?: number) => {
    const opener = greetFrom(tab) as unknown as Pick<Window, 'postMessage'>
    return greetOpener({ opener, locks: other.locks, origin, within })
  }
  return { opener, tab, opened, listeners, greetFrom, load, locks, dies: { page, other } }
}

const left = async () => {
  const { held, pending } = await all.query()
  return [...held, ...pending].map(({ name }) => name)
}

const codeOf = (opening: Promise<unknown>) =>
  opening.then(
    () => 'opened',
    (error: unknown) => (error instanceof TabError ? error.code : String(error)),
  )

afterEach(async () => {
  vi.useRealTimers()
  expect(await left()).toEqual([])
})

describe('a tab', () => {
  it('is opened at once, talks with its page, and is closed', async () => {
    const { opener, tab, opened, listeners, load, locks } = windows()
    const opening = openTab({ address, origin, opener, locks })
    expect(opened).toEqual([address])
    const [page, other] = await Promise.all([opening, load()])
    expect(listeners.size).toBe(0)
    const heard = messageOf(other.port)
    page.port.postMessage('work')
    expect(await heard).toBe('work')
    expect(other.gone.aborted).toBe(false)
    await page.close()
    expect(tab.closed).toBe(true)
    expect(page.gone.aborted).toBe(true)
    other.port.close()
  })

  it('keeps what it is told before it listens', async () => {
    const { opener, load, locks } = windows()
    const [page, other] = await Promise.all([openTab({ address, origin, opener, locks }), load()])
    page.port.postMessage('early')
    await new Promise((resolve) => setTimeout(resolve))
    expect(await messageOf(other.port)).toBe('early')
    await page.close()
    other.port.close()
  })

  it('is known to have gone, however it ended', async () => {
    const { opener, load, locks, dies } = windows()
    const [page, other] = await Promise.all([openTab({ address, origin, opener, locks }), load()])
    expect(page.gone.aborted).toBe(false)
    dies.other.die()
    await vi.waitFor(() => expect(page.gone.reason).toMatchObject({ code: 'gone' }))
    await page.close()
    other.port.close()
  })

  it('knows when its page has gone, however that ended', async () => {
    const { opener, load, locks, dies } = windows()
    const [page, other] = await Promise.all([openTab({ address, origin, opener, locks }), load()])
    dies.page.die()
    await vi.waitFor(() => expect(other.gone.reason).toMatchObject({ code: 'gone' }))
    dies.other.die()
    page.port.close()
  })

  it('is not waited for without end when it does not let itself be closed', async () => {
    const { opener, tab, load, locks, dies } = windows()
    const [page, other] = await Promise.all([openTab({ address, origin, opener, locks }), load()])
    vi.useFakeTimers()
    tab.close = () => {}
    const closing = page.close()
    await vi.advanceTimersByTimeAsync(5_000)
    await closing
    expect(other.gone.reason).toMatchObject({ code: 'gone' })
    dies.other.die()
  })
})

describe('no tab', () => {
  it('is opened by a browser that blocks it, which is told with what to do', async () => {
    const opener = { open: () => null } as unknown as OpeningWindow
    const opening = openTab({ address, origin, opener, locks: all })
    await expect(opening).rejects.toThrow(/did not let this page open a tab. Allow pop-ups/)
    expect(await codeOf(opening)).toBe('blocked')
  })

  it('is left when it does not greet in time', async () => {
    vi.useFakeTimers()
    const { opener, tab, listeners, locks } = windows()
    const code = codeOf(openTab({ address, origin, opener, locks, within: 500 }))
    await vi.advanceTimersByTimeAsync(500)
    expect(await code).toBe('silent')
    expect([tab.closed, listeners.size, vi.getTimerCount()]).toEqual([true, 0, 0])
  })

  it('is waited for once a person has closed it', async () => {
    vi.useFakeTimers()
    const { opener, tab, locks } = windows()
    const code = codeOf(openTab({ address, origin, opener, locks }))
    tab.close()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await code).toBe('gone')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is left when the run is given up, before or after it was opened', async () => {
    const { opener, tab, opened, locks } = windows()
    const end = new AbortController()
    const opening = openTab({ address, origin, opener, locks, signal: end.signal })
    end.abort(new Error('given up'))
    await expect(opening).rejects.toThrow('given up')
    expect(tab.closed).toBe(true)
    const late = openTab({ address, origin, opener, locks, signal: end.signal })
    await expect(late).rejects.toThrow('given up')
    expect(opened).toHaveLength(1)
  })

  it('is taken for the one that was opened, whatever another window says', async () => {
    vi.useFakeTimers()
    const { opener, greetFrom, locks } = windows()
    const code = codeOf(openTab({ address, origin, opener, locks, within: 500 }))
    greetFrom({}).postMessage(here, '', [new MessageChannel().port1])
    await vi.advanceTimersByTimeAsync(500)
    expect(await code).toBe('silent')
  })
})

describe('a tab that has gone elsewhere', () => {
  it('is not talked to, and is closed', async () => {
    vi.useFakeTimers()
    const { opener, tab, listeners, greetFrom, locks } = windows()
    const code = codeOf(openTab({ address, origin, opener, locks, within: 500 }))
    const { port1, port2 } = new MessageChannel()
    const heard = vi.fn()
    port2.onmessage = heard
    greetFrom(tab, 'https://elsewhere.test').postMessage(here, '', [port1])
    expect(listeners.size).toBe(1)
    await vi.advanceTimersByTimeAsync(500)
    expect(await code).toBe('silent')
    expect([tab.closed, heard.mock.calls]).toEqual([true, []])
    port2.close()
  })
})

describe('a tab alone', () => {
  it('knows that nobody opened it', async () => {
    expect(await codeOf(greetOpener({ opener: null, locks: all, origin: '' }))).toBe('alone')
  })

  it('knows that nobody answers it any more, as after a reload', async () => {
    expect(await codeOf(windows().load(20))).toBe('alone')
  })
})

function messageOf(port: MessagePort): Promise<unknown> {
  return new Promise((resolve) => {
    port.onmessage = ({ data }) => resolve(data)
  })
}
