/** The inspector in real pages: what it shows, how it is used, and that it keeps to itself. */

import type { Page } from '@playwright/test'
import { pagesURL } from '../playwright.config'
import { RealTabs } from './locks-real-tabs'
import { expect, openWorker, soon, test } from './locks-tabs'
import { expectClean, looks, noOverflow } from './looks'
import type {} from './pages/inspector'

function panel(page: Page) {
  return page.getByRole('region', { name: 'Latchkey inspector' })
}

/** What is said of a lock, one line for each party, without how long. */
async function linesOf(page: Page, name: string): Promise<readonly string[]> {
  const parties = panel(page).getByRole('list', { name: `Holders and waiters of ${name}` })
  const lines = await parties.getByRole('listitem').evaluateAll((items) =>
    items.map((item) => {
      const [task, where, since] = ['task', 'where', 'since'].map(
        (part) => item.querySelector(`.${part}`)?.textContent ?? '',
      )
      return `${task} ${since?.split(' ')[0]}: ${where}`
    }),
  )
  return lines
}

async function open(page: Page, threshold = 1000): Promise<void> {
  await page.evaluate((ms) => {
    agent.keep('inspector', inspector.showInspector({ locks: agent.locks, threshold: ms }))
  }, threshold)
}

async function close(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const shown = await agent.kept<import('../src/inspector').Inspector>('inspector')
    shown.close()
  })
}

async function hold({ task, name }: { task: string; name: string }): Promise<void> {
  const asked = agent.locks.task(task).mutex(name).acquire()
  agent.keep(`${task} holds`, asked)
}

async function release(task: string): Promise<void> {
  const hold = await agent.kept<import('../src/locks').Hold>(`${task} holds`)
  hold.release()
}

test('it shows tabs, workers, raw users and the long wait, live', async ({ openTab }) => {
  const tab = await openTab('inspector.html')
  const other = await openTab()
  const worker = await openWorker(other)
  const raw = await openTab()
  await tab.evaluate(hold, { task: 'checkout', name: 'cart' })
  await other.evaluate(hold, { task: 'stock', name: 'cart' })
  await other.evaluate(() => agent.queued('cart'))
  await worker.evaluate(hold, { task: 'upload', name: 'files' })
  await raw.evaluate(async () =>
    agent.keep('raw', await agent.holdRaw('old code', { mode: 'shared' })),
  )
  await open(tab, 300)
  await expect
    .poll(() => linesOf(tab, 'cart'), soon)
    .toEqual(['checkout holds: this page · exclusive', 'stock waits: An agent · exclusive'])
  await expect.poll(() => linesOf(tab, 'files'), soon).toHaveLength(1)
  expect((await linesOf(tab, 'files'))[0]).toMatch(/^upload holds: .* · exclusive$/)
  await expect
    .poll(() => linesOf(tab, 'old code'), soon)
    .toEqual([expect.stringMatching(/^unknown holds: \S+ · shared · not told by Latchkey$/)])
  await expect(panel(tab).locator('.mark:visible')).toHaveText('waits long', { timeout: 30_000 })
  await expect(panel(tab)).toContainText('3 held, 1 waiting')

  await tab.evaluate(release, 'checkout')
  await expect.poll(() => linesOf(tab, 'cart'), soon).toEqual(['stock holds: An agent · exclusive'])
  await raw.evaluate(async () => (await agent.kept<{ release(): void }>('raw')).release())
  await expect.poll(() => linesOf(tab, 'old code'), soon).toEqual([])
  await other.close()
  await expect.poll(() => linesOf(tab, 'cart'), soon).toEqual([])
  await expect(panel(tab)).toContainText('0 held, 0 waiting', { timeout: 30_000 })
  await close(tab)
  await expect(panel(tab)).toHaveCount(0)
  expect(await tab.evaluate(() => [agent.locks.space.emit, agent.locks.space.watcher])).toEqual([
    undefined,
    undefined,
  ])
})

test('who stands still is said not to answer, as long as it holds', async ({ browser }) => {
  const tabs = await RealTabs.start(browser)
  try {
    const frozen = await tabs.open()
    const front = await tabs.open(`${pagesURL}/inspector.html`)
    await frozen.is('hidden')
    // Whether a frozen page still hears anything is up to the browser; its worker does not.
    await frozen.evaluate(async () => {
      await agent.startWorker()
      await agent.inWorker('holdFor', 'sleeper', 'bed', 1000)
    })
    await front.evaluate(() => {
      agent.keep('inspector', inspector.showInspector({ locks: agent.locks }))
    })
    const said = () =>
      front.evaluate(() => {
        const root = document.querySelector('[data-latchkey-inspector]')?.shadowRoot
        const where = root?.querySelector('.party .where')?.textContent ?? ''
        return where.split(' · ').slice(1).join()
      })
    await expect.poll(said, soon).toBe('exclusive')
    await frozen.freeze()
    await expect.poll(said, soon).toBe('exclusive,does not answer')
    await frozen.resume()
    await expect.poll(said, soon).toBe('exclusive')
    await frozen.evaluate(() => location.replace('about:blank'))
    await expect.poll(said, soon).toBe('')
  } finally {
    await tabs.close()
  }
})

test('warnings, contention, events with filter and pause', async ({ openTab }) => {
  const tab = await openTab('inspector.html')
  await open(tab)
  const view = panel(tab)
  await view.getByRole('tab', { name: 'Contention' }).click()
  await expect(view.getByText('Nobody has waited here')).toBeVisible()
  await tab.evaluate(async () => {
    const order = agent.deadlock.checkOrder('warn')
    const locks = agent.latchkey.createLocks({ order })
    await locks
      .task('one')
      .mutex('a')
      .run((hold) => hold.mutex('b').run(() => {}))
    await locks
      .task('two')
      .mutex('b')
      .run((hold) => hold.mutex('a').run(() => {}))
    const wait = () => new Promise((resolve) => setTimeout(resolve, 1))
    await Promise.all(Array.from({ length: 500 }, () => locks.mutex('hot').run(wait)))
  })
  await expect(view.getByRole('row', { name: /^hot / })).toBeVisible({ timeout: 30_000 })
  await view.getByRole('tab', { name: 'Warnings (1)' }).click()
  await expect(view.getByRole('list', { name: 'Warnings, latest first' })).toHaveText(
    /Order: two asked for a while it held b, against the order\./,
  )
  await view.getByRole('tab', { name: 'Events' }).click()
  const log = view.getByRole('list', { name: 'Events of this page' })
  await expect(log.getByRole('listitem')).toHaveCount(100)
  await expect(log.getByText('more came than are logged').first()).toBeVisible()
  await view.getByRole('searchbox', { name: 'Filter events' }).fill('against the order')
  await expect(log.getByRole('listitem')).toHaveCount(1)
  await view.getByRole('searchbox', { name: 'Filter events' }).fill('kettle')
  await expect(log.getByRole('listitem')).toHaveCount(0)
  await view.getByRole('button', { name: 'Pause' }).click()
  await tab.evaluate(() => agent.locks.mutex('kettle').run(() => {}))
  await view.getByRole('button', { name: 'Pause' }).click()
  await tab.evaluate(() =>
    agent.locks
      .task('after')
      .mutex('kettle')
      .run(() => {}),
  )
  await expect(log.getByText('request kettle (exclusive) by after')).toBeVisible()
  await expect(log.getByRole('listitem')).toHaveCount(3)
  await close(tab)
})

test('keys and pointer: open, tabs, locks, collapse, move; the place is remembered', async ({
  openTab,
}) => {
  const tab = await openTab('inspector.html')
  for (const name of ['a', 'b', 'c']) await tab.evaluate(hold, { task: `t ${name}`, name })
  await open(tab)
  const view = panel(tab)
  await expect(view.locator('.lock')).toHaveCount(3)
  await tab.getByRole('button', { name: 'Buy' }).focus()
  await tab.keyboard.press('Alt+Shift+KeyL')
  await expect(view.getByRole('tab', { name: 'Locks' })).toBeFocused()
  await tab.keyboard.press('ArrowRight')
  await expect(view.getByRole('tab', { name: 'Warnings' })).toHaveAttribute('aria-selected', 'true')
  await tab.keyboard.press('Home')
  await expect(view.getByRole('tabpanel', { name: 'Locks' })).toBeVisible()
  for (let press = 0; press < 3; press++) await tab.keyboard.press('Tab')
  const first = view.locator('.lock > button').first()
  await expect(first).toBeFocused()
  await tab.keyboard.press('ArrowDown')
  await tab.keyboard.press('End')
  const last = view.locator('.lock > button').last()
  await expect(last).toBeFocused()
  await expect(last).toHaveAttribute('aria-expanded', 'true')
  await tab.keyboard.press('Enter')
  await expect(last).toHaveAttribute('aria-expanded', 'false')
  await tab.keyboard.press('Escape')
  await expect(view.getByRole('tablist')).toBeHidden()
  await expect(tab.getByRole('button', { name: 'Buy' })).toBeFocused()

  await tab.keyboard.press('Alt+Shift+KeyL')
  const grip = view.getByRole('button', { name: /^Latchkey/ })
  await grip.focus()
  const before = await view.boundingBox()
  await tab.keyboard.press('Shift+ArrowLeft')
  await tab.keyboard.press('ArrowUp')
  const moved = await view.boundingBox()
  expect([(moved?.x ?? 0) - (before?.x ?? 0), (moved?.y ?? 0) - (before?.y ?? 0)]).toEqual([
    -64, -16,
  ])
  const at = await grip.boundingBox()
  await tab.mouse.move((at?.x ?? 0) + 40, (at?.y ?? 0) + 10)
  await tab.mouse.down()
  await tab.mouse.move(-500, 300, { steps: 5 })
  await tab.mouse.up()
  expect((await view.boundingBox())?.x).toBe(0)
  const box = await view.boundingBox()
  await tab.reload()
  await tab.evaluate(hold, { task: 'again', name: 'a' })
  await open(tab)
  await expect(view).toBeVisible()
  const again = await view.boundingBox()
  expect([again?.x, again?.y]).toEqual([box?.x, box?.y])
  await tab.setViewportSize({ width: 390, height: 300 })
  await expect.poll(async () => (await view.boundingBox())?.y, soon).toBeLessThan(300)
  await view.getByRole('button', { name: 'Close the inspector' }).click()
  await expect(view).toHaveCount(0)
  await tab.close()
})

const hostile = `
  * { all: unset !important; display: none !important; color: red !important; font: 60px cursive !important; }
  html, body, main, h1, p, div { display: block !important; }
  div, section, button { border: 9px solid lime !important; position: static !important; visibility: hidden !important; }
  button { display: inline !important; letter-spacing: 1em !important; }`

test('no style leaks, either way', async ({ openTab }) => {
  const plain = await openTab('inspector.html')
  const seen = (page: Page) =>
    panel(page).evaluate((section) => {
      const looks = [section, ...section.querySelectorAll('*')].map((each) => {
        const style = getComputedStyle(each)
        const { width, height } = each.getBoundingClientRect()
        const { color, fontSize, fontFamily, display, visibility, borderTopWidth } = style
        return [
          each.tagName,
          color,
          fontSize,
          fontFamily,
          display,
          visibility,
          borderTopWidth,
          style.letterSpacing,
          width,
          height,
        ].join()
      })
      return looks
    })
  const host = () =>
    plain.locator('main').evaluate((main) =>
      [main, ...main.querySelectorAll('*')].map((each) => {
        const { color, font, margin, padding } = getComputedStyle(each)
        return [color, font, margin, padding].join()
      }),
    )
  const without = await host()
  await open(plain)
  await expect(panel(plain)).toContainText('Nobody holds a lock')
  expect(await host()).toEqual(without)
  const peaceful = await seen(plain)
  await close(plain)
  await plain.addStyleTag({ content: hostile })
  await open(plain)
  await expect(panel(plain)).toContainText('Nobody holds a lock')
  expect(await seen(plain)).toEqual(peaceful)
  await close(plain)
})

test('one import shows it, also where storage is blocked', async ({ context, openTab }) => {
  await context.addInitScript(() => {
    Object.defineProperty(globalThis, 'sessionStorage', {
      get() {
        throw new DOMException('blocked', 'SecurityError')
      },
    })
  })
  const tab = await openTab('inspector-auto.html')
  await expect(panel(tab)).toContainText('Nobody holds a lock')
  await panel(tab).getByRole('button', { name: 'Collapse the inspector' }).click()
  await expect(panel(tab)).toContainText('0 held, 0 waiting')
})

test('a thousand locks do not stop the page', async ({ openTab }) => {
  const tab = await openTab('inspector.html')
  const other = await openTab()
  await other.evaluate(async () => {
    const holds = Array.from({ length: 1000 }, (_, index) =>
      agent.locks.mutex(`lock ${String(index).padStart(4, '0')}`).acquire(),
    )
    agent.keep('holds', await Promise.all(holds))
  })
  await open(tab)
  await expect(panel(tab)).toContainText('950 more locks: filter to find them.', {
    timeout: 30_000,
  })
  await panel(tab).getByRole('searchbox', { name: 'Filter locks and tasks' }).fill('lock 0999')
  await expect.poll(() => linesOf(tab, 'lock 0999'), soon).toHaveLength(1)
  await expect(panel(tab).locator('.lock')).toHaveCount(1)
  await close(tab)
  await other.close()
})

for (const { theme, size, viewport } of looks) {
  test(`${theme}, ${size}: no accessibility violations, nothing sticks out`, async ({
    openTab,
  }) => {
    const tab = await openTab('inspector.html')
    await tab.setViewportSize(viewport)
    await tab.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    const other = await openTab()
    await other.evaluate(hold, { task: 'checkout', name: 'cart' })
    await tab.evaluate(hold, { task: 'stock', name: 'cart' })
    await tab.evaluate(() => {
      agent.keep('reads', agent.locks.task('render').rwLock('settings').acquireRead())
    })
    await open(tab, 1)
    await expect.poll(() => linesOf(tab, 'cart'), soon).toHaveLength(2)
    for (const name of ['Locks', 'Warnings', 'Contention', 'Events']) {
      await panel(tab).getByRole('tab', { name }).click()
      await expect(panel(tab).getByRole('tabpanel', { name })).toBeVisible()
      await expectClean(tab)
      expect(await noOverflow(tab)).toBe(true)
      await tab.screenshot({ path: `test-results/inspector-${theme}-${size}-${name}.png` })
    }
    for (const each of [tab, other]) await each.close()
  })
}
