// @vitest-environment happy-dom
import fc from 'fast-check'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Locks } from '../locks/create-locks'
import { Probe } from '../locks/testing/probe'
import { testLocks } from '../locks/testing/test-locks'
import type { VirtualClock } from '../locks/testing/virtual-clock'
import { mount, settle } from './testing/mount'
import { type LockHandle, useLock } from './use-lock'

beforeEach(() => vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true))
afterEach(() => vi.unstubAllGlobals())

interface Wish {
  readonly name: string
  readonly enabled: boolean
}

const wish = fc.record({ name: fc.constantFrom('a', 'b'), enabled: fc.boolean() })
/** What is on the page after a step, and what is done to it. */
const step = fc.record({
  wishes: fc.array(fc.option(wish, { nil: undefined, freq: 3 }), { minLength: 3, maxLength: 3 }),
  act: fc.constantFrom('nothing', 'release', 'retry', 'steal'),
  who: fc.nat({ max: 2 }),
})
const places = [0, 1, 2]
const ports = ['memory', 'cohort over memory', 'web locks', 'cohort over web locks']

it('whatever comes and goes, one at most holds a lock, and in the end nobody', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...ports),
      fc.boolean(),
      fc.array(step, { minLength: 1, maxLength: 12 }),
      async (port, strict, steps) => {
        const { locks, far, clock } = testLocks(port)
        const handles: LockHandle[] = []
        const draw = (wishes: readonly (Wish | undefined)[]): ReactNode =>
          places.map((who) => {
            const each = wishes[who]
            const show = (handle: LockHandle) => {
              handles[who] = handle
            }
            return each && <Component key={who} locks={locks} wish={each} show={show} />
          })
        const page = await mount(draw([]), strict)
        for (const { wishes, act, who } of steps) {
          await page.render(draw(wishes))
          const handle = handles[who]
          if (act === 'release' || act === 'retry') await settle(() => handle?.[act]())
          if (act === 'steal') await rob(far, clock)
          await settle(() => clock.settle())
          const shown = wishes.flatMap((each, who) =>
            each !== undefined && handles[who]?.status === 'held' ? [each.name] : [],
          )
          expect(new Set(shown).size).toBe(shown.length)
          expect(locks.stats().holds).toBe(shown.length)
        }
        await page.unmount()
        await settle(() => clock.settle())
        expect(locks.stats()).toEqual({ holds: 0, waits: 0, names: 0 })
      },
    ),
    { numRuns: 100 },
  )
}, 60_000)

function Component(props: {
  readonly locks: Locks
  readonly wish: Wish
  readonly show: (handle: LockHandle) => void
}) {
  const { name, enabled } = props.wish
  const handle = useLock(props.locks.mutex(name), { enabled })
  props.show(handle)
  expect(handle.hold?.name ?? name).toBe(name)
  return handle.status
}

async function rob(port: ReturnType<typeof testLocks>['far'], clock: VirtualClock): Promise<void> {
  const thief = new Probe(port, 'thief', { name: 'a', steal: true })
  await settle(async () => {
    thief.ask()
    await clock.settle()
    thief.end()
  })
}
