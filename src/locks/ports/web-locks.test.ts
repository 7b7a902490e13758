/** What the conformance tests cannot see: when a browser hears what the port tells it. */

import { expect, test } from 'vitest'
import { Probe } from '../testing/probe'
import { WebLocksPort } from './web-locks'

/** As Chromium: it listens for a hold's end only after all microtasks of its callback. */
function chromium(heard: (what: string) => void): LockManager {
  const request = async (
    _name: string,
    _options: LockOptions,
    callback: LockGrantedCallback<unknown>,
  ): Promise<void> => {
    const hold = callback({ name: 'a', mode: 'exclusive' })
    for (let i = 0; i < 50; i++) await undefined
    heard('listens')
    await hold
    heard('let go')
  }
  const query = async () => ({ held: [], pending: [] })
  return { request, query } as object as LockManager
}

test('a release is heard before its user works on, however soon it comes', async () => {
  const journal: string[] = []
  const port = new WebLocksPort(chromium((what) => journal.push(what)))
  await new Promise<void>((resolve) => {
    const hears = async (what: string, probe: Probe) => {
      journal.push(what)
      if (what !== 'granted') return
      probe.release()
      // As many turns as `run` takes from its release to the code behind it, and a few.
      for (let i = 0; i < 5; i++) await undefined
      journal.push('works on')
      resolve()
    }
    new Probe(port, 'probe', { hears }).ask()
  })
  expect(journal).toEqual(['listens', 'granted', 'let go', 'works on'])
})
