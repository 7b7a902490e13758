/** The text that is copied, executed: it draws the same plan, and proves the same. */

import { Mutex } from 'async-mutex'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { createLocks } from '../locks'
import { createLockManager } from '../locks/lock-manager'
import { anyWorkload } from './testing/any-workload'
import { type Action, runnersOf, type Workload, type WorkloadLock } from './workload'
import { workloadAsTest } from './workload-as-test'
import { planOf } from './workload-plan'
import { firstWorkload, workloadPresets } from './workload-presets'

vi.setConfig({ testTimeout: 60_000 })

interface Copied {
  readonly plan: (runner: number) => Iterable<Action>
  /** What the test of the text is called, does, and may take in ms. */
  readonly name: string
  readonly body: () => Promise<void>
  readonly timeout: number
  readonly imports: readonly string[]
}

/** Runs the text as a module would, with what it imports given to it. */
function copied(workload: Workload): Copied {
  const lines = workloadAsTest(workload).split('\n')
  const imports = lines.filter((line) => line.startsWith('import '))
  const rest = lines.filter((line) => !line.startsWith('import ')).join('\n')
  const tests: Pick<Copied, 'name' | 'body' | 'timeout'>[] = []
  const given = {
    createLocks,
    Mutex,
    expect,
    test: (name: string, body: () => Promise<void>, timeout: number) => {
      tests.push({ name, body, timeout })
    },
    navigator: { locks: createLockManager({ reach: 'realm' }) },
  }
  const module = new Function(...Object.keys(given), `'use strict'\n${rest}\nreturn plan`)
  const plan = module(...Object.values(given)) as Copied['plan']
  const [only] = tests
  if (only === undefined || tests.length > 1) throw new Error(`${tests.length} tests in the text`)
  return { plan, ...only, imports }
}

function some(plan: Iterable<Action>): readonly Action[] {
  const actions: Action[] = []
  for (const action of plan) if (actions.push(action) === 20) break
  return actions
}

test('draws the very plan that is performed', () => {
  fc.assert(
    fc.property(anyWorkload, fc.nat(), (workload, draw) => {
      const runner = draw % runnersOf(workload)
      expect(some(copied(workload).plan(runner))).toEqual(some(planOf(workload, runner)))
    }),
    { verbose: true },
  )
})

const over = { reach: 'realm', fair: 'bounded' } as const
const quick: Workload = {
  ...firstWorkload,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it must not become one.
  title: 'Quick “one”, it’s `quoted` ${here} \\ "so"',
  workers: 1,
  tasks: 5,
  keys: 2,
  reads: 0.2,
  readHold: { kind: 'fixed', ms: 0 },
  writeHold: { kind: 'uniform', below: 3 },
  think: { kind: 'fixed', ms: 0 },
  end: { kind: 'actions', actions: 40, shared: 'unevenly' },
}

describe('executed', () => {
  test.each<[WorkloadLock, string]>([
    [{ kind: 'mutex', ...over }, 'latchkey'],
    [{ kind: 'keyed-mutex', ...over, fair: 'strict' }, 'latchkey'],
    [{ kind: 'rw-lock', policy: 'phase-fair', ...over }, 'latchkey'],
    [{ kind: 'rw-lock', policy: 'fifo', ...over }, 'latchkey'],
    [{ kind: 'semaphore', permits: 1, ...over }, 'latchkey'],
    [{ kind: 'navigator-locks' }, 'vitest'],
    [{ kind: 'async-mutex' }, 'async-mutex'],
  ])('under %o nothing is lost', async (lock, from) => {
    const { body, imports, name } = copied({ ...quick, lock })
    await body()
    expect(imports[0]).toContain(`from '${from}'`)
    expect(name).toBe(quick.title)
  })

  test('without a lock it fails, as it should', async () => {
    const { body } = copied({ ...quick, lock: { kind: 'none' } })
    await expect(body()).rejects.toThrow(/expected \d+ to be \d+/)
  })

  test('more permits than one let sections overlap, as they should', async () => {
    const { body } = copied({ ...quick, lock: { kind: 'semaphore', permits: 3, ...over } })
    await expect(body()).rejects.toThrow(/expected \d+ to be \d+/)
  })

  test('ends by time as well', async () => {
    const { body, timeout } = copied({
      ...quick,
      lock: { kind: 'mutex', ...over },
      end: { kind: 'time', ms: 100 },
    })
    const start = performance.now()
    await body()
    const took = performance.now() - start
    expect(took).toBeGreaterThanOrEqual(100)
    expect(timeout).toBeGreaterThan(took)
  })
})

test('every preset has its text, without a line that is too long to read', () => {
  for (const { workload } of workloadPresets) {
    expect(() => copied(workload)).not.toThrow()
    const lines = workloadAsTest(workload).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(110)
  }
  expect(() => workloadAsTest({ ...quick, workers: 0 })).toThrow(/workers .* got 0/)
})
