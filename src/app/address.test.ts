import { beforeEach, describe, expect, it, vi } from 'vitest'
import { catalogue, encodeLink, sevenSeconds } from '../scenario'
import { addressOf, type Bar, keepAddress, placeOf } from './address'
import { bySeconds, momentAt } from './seven-seconds/moments'
import { useStore } from './store'

const fresh = useStore.getInitialState()
beforeEach(() => useStore.setState(fresh, true))

/** A window with a history that can be walked. */
function fakeBar(hash = '') {
  const entries = [hash]
  let at = 0
  const listeners = new Map<string, () => void>()
  let timer: (() => void) | undefined
  const bar: Bar = {
    location: {
      get hash() {
        return entries[at] ?? ''
      },
    },
    history: {
      pushState: vi.fn((_state, _title, address) => {
        entries.splice(++at, entries.length, String(address))
      }),
      replaceState: vi.fn((_state, _title, address) => {
        entries[at] = String(address)
      }),
    },
    addEventListener: (type, listener) => listeners.set(type, listener),
    removeEventListener: (type) => listeners.delete(type),
    setTimeout: (then) => {
      timer = then
      return 1
    },
    clearTimeout: () => {
      timer = undefined
    },
  }
  return {
    bar,
    entries,
    elapse: () => timer?.(),
    go: (by: number) => {
      at += by
      listeners.get('popstate')?.()
    },
  }
}

const state = () => useStore.getState()
const toThree = () => state().move((run) => momentAt(run, 3350))

describe('placeOf', () => {
  it('reads page and link, and bare links', () => {
    expect(placeOf('#/seven-seconds?policy=go')).toEqual({
      page: 'seven-seconds',
      link: 'policy=go',
    })
    expect(placeOf('#policy=go')).toEqual({ page: 'seven-seconds', link: 'policy=go' })
    expect(placeOf('')).toEqual({ page: 'seven-seconds', link: '' })
    expect(placeOf('#/nowhere').page).toBeUndefined()
  })
})

describe('keepAddress', () => {
  it('opens a link at its scenario, policy and moment, without a word', () => {
    const [, other = sevenSeconds] = catalogue
    const link = encodeLink({ ...other, policy: 'web-locks', moment: { time: 1600, step: 0 } })
    const { bar } = fakeBar(`#/seven-seconds?${link.slice(1)}`)
    keepAddress(useStore, bar)()
    expect(state().scenario).toEqual(other.scenario)
    expect(state().policy).toBe('web-locks')
    expect(state().moment.time).toBe(1600)
    expect(state().notice).toBeUndefined()
  })

  it.each(['#/seven-seconds?policy=go&at=1', '#/nowhere', '#garbage', '#/seven-seconds?%E0%A4%A'])(
    'tells of %s and shows the default',
    (hash) => {
      const { bar } = fakeBar(hash)
      keepAddress(useStore, bar)()
      expect(state().notice?.kind).toBe('problem')
      expect(state().scenario).toBe(sevenSeconds.scenario)
      expect(state().moment).toEqual({ time: 0, step: 0 })
    },
  )

  it('amends the address with the moment, not for every frame', () => {
    const { bar, entries, elapse } = fakeBar()
    keepAddress(useStore, bar)
    const before = vi.mocked(bar.history.replaceState).mock.calls.length
    for (let frame = 0; frame < 100; frame++) state().move((run) => momentAt(run, frame * 10))
    expect(bar.history.replaceState).toHaveBeenCalledTimes(before)
    elapse()
    expect(bar.history.replaceState).toHaveBeenCalledTimes(before + 1)
    expect(entries).toEqual([addressOf(state())])
    expect(entries[0]).toContain('at=990')
  })

  it('makes a step of a choice, and goes back to the moment it was made at', () => {
    const { bar, entries, go } = fakeBar()
    const stop = keepAddress(useStore, bar)
    toThree()
    state().choosePolicy('readers-first')
    expect(entries).toHaveLength(2)
    state().move((run, moment) => bySeconds(run, moment, 1))
    go(-1)
    expect(state().policy).toBe('go')
    expect(state().moment.time).toBe(3350)
    go(1)
    expect(state().policy).toBe('readers-first')
    stop()
  })

  it('does not make a step of every letter typed', () => {
    const { bar, entries, elapse } = fakeBar()
    const stop = keepAddress(useStore, bar)
    state().type('Reader 1: read at 1s for 3s')
    state().type('Reader 1: read at 1s for 30s')
    elapse()
    expect(entries).toHaveLength(1)
    expect(entries[0]).toBe(addressOf(state()))
    expect(entries[0]).not.toBe(addressOf(fresh))
    stop()
  })
})
