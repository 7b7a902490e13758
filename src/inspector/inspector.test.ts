// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type TestLocks, testLocks } from '../locks/testing/test-locks'
import { record } from '../observe'
import { type Inspector, type InspectorOptions, showInspector } from './inspector'

let test: TestLocks
let open: Inspector[]

beforeEach(() => {
  vi.useFakeTimers()
  test = testLocks()
  open = []
})
afterEach(() => {
  for (const each of open) each.close()
  sessionStorage.clear()
  vi.useRealTimers()
})

function show(options: InspectorOptions = {}): Inspector {
  const shown = showInspector({ locks: test.locks, ...options })
  open.push(shown)
  return shown
}

function hosts(): readonly Element[] {
  return [...document.querySelectorAll('[data-latchkey-inspector]')]
}

function root(): ShadowRoot {
  const shadow = hosts()[0]?.shadowRoot
  if (shadow == null) throw new Error('nothing is shown')
  return shadow
}

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    test.clock.advance(50)
    await vi.advanceTimersByTimeAsync(50)
    test.clock.turn()
  }
}

function tab(name: string): HTMLElement {
  const found = [...root().querySelectorAll<HTMLElement>('[role="tab"]')].find(
    ({ textContent }) => textContent?.startsWith(name) === true,
  )
  if (found === undefined) throw new Error(`no tab ${name}`)
  return found
}

describe('several who open it', () => {
  it('share one, which closes with the last of them and leaves nothing', async () => {
    const [one, two] = [show(), show()]
    expect(hosts()).toHaveLength(1)
    await pass(500)
    one.close()
    one.close()
    expect(hosts()).toHaveLength(1)
    expect(test.locks.space.watcher).toBeDefined()
    two.close()
    expect(hosts()).toHaveLength(0)
    const { space } = test.locks
    expect([space.watcher, space.emit, space.emitRare, space.recorder]).toEqual(Array(4))
    expect(vi.getTimerCount()).toBe(0)
    expect(test.clock.timers).toBe(0)
    expect(hosts()).toHaveLength(0)
  })

  it('in different places have each their own', () => {
    const container = document.createElement('div')
    document.body.append(container)
    show()
    show({ container })
    expect(hosts()).toHaveLength(2)
    expect(container.firstElementChild).toBe(
      hosts().find((each) => each.parentElement === container),
    )
    container.remove()
  })

  it('see it again after its own button has closed it', () => {
    show()
    root().querySelector<HTMLElement>('[aria-label="Close the inspector"]')?.click()
    expect(hosts()).toHaveLength(0)
    show()
    expect(hosts()).toHaveLength(1)
  })
})

it('shows holders and waiters, and the long wait', async () => {
  show({ threshold: 100 })
  const hold = await test.locks.task('checkout').mutex('cart').acquire()
  test.locks.task('stock').mutex('cart').acquire()
  vi.setSystemTime(test.clock.coarse() + 50)
  await pass(300)
  const lock = root().querySelector('.lock')
  expect(lock?.querySelector('.name')?.textContent).toBe('cart')
  const parties = [...(lock?.querySelectorAll('.party') ?? [])]
  expect(parties.map((each) => each.querySelector('.task')?.textContent)).toEqual([
    'checkout',
    'stock',
  ])
  expect(parties.map(({ className }) => className)).toEqual([
    'party holds exclusive',
    'party waits exclusive late',
  ])
  hold.release()
  await pass(500)
  expect(root().querySelectorAll('.party')).toHaveLength(1)
})

it('records where nobody does, and stops then; else it asks for the recorder', async () => {
  const note = () => tabpanel().textContent
  const tabpanel = () => {
    const panel = root().querySelector('#panel-contention')
    if (panel === null) throw new Error('no such panel')
    return panel
  }
  const first = show()
  tab('Contention').click()
  await vi.dynamicImportSettled()
  await pass(300)
  expect(test.locks.space.recorder).toBeDefined()
  expect(note()).toContain('Nobody has waited here')
  first.close()
  expect(test.locks.space.recorder).toBeUndefined()

  const recorder = record(test.locks)
  const second = show()
  tab('Contention').click()
  await vi.dynamicImportSettled()
  await pass(300)
  expect(note()).toContain('showInspector({ recorder })')
  second.close()
  const third = show({ recorder })
  await vi.dynamicImportSettled()
  tab('Contention').click()
  await vi.dynamicImportSettled()
  await pass(300)
  expect(note()).toContain('Nobody has waited here')
  third.close()
  expect(test.locks.space.recorder).toBeDefined()
  recorder.stop()
})

it.each([
  [{ threshold: 0 }, RangeError],
  [{ threshold: 'soon' }, TypeError],
  [{ locks: {} }, TypeError],
  [{ container: 'body' }, TypeError],
  [{ recorder: {} }, TypeError],
  [7, TypeError],
] as const)('refuses %j', (options, Kind) => {
  expect(() => showInspector(options as InspectorOptions)).toThrow(Kind)
  expect(hosts()).toHaveLength(0)
})

it('remembers how it was left, as far as storage lets it', async () => {
  show().close()
  show()
  tab('Events').click()
  root().querySelector<HTMLElement>('[aria-label="Collapse the inspector"]')?.click()
  open.pop()?.close()
  show()
  expect(root().querySelector('.panel')?.className).toContain('collapsed')
  expect(tab('').getAttribute('aria-selected')).toBe('false')
  expect(root().querySelector('#tab-log')?.getAttribute('aria-selected')).toBe('true')
  open.pop()?.close()
  sessionStorage.setItem('latchkey inspector', '{"at":{"x":"far"},"tab":7,')
  show()
  expect(hosts()).toHaveLength(1)
})
