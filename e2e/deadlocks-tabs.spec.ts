/** “Run in two real tabs”: every other thread in a tab that the page opens, and what detection does. */

import { expect, type Page, test } from '@playwright/test'
import { plainAppURL } from '../playwright.config'
import { open } from './app-page'
import { expectClean, looks, noOverflow } from './looks'

const real = (page: Page) => page.getByTestId('real')
const run = (page: Page) => page.getByRole('button', { name: 'Run in two real tabs' })
const patient = { timeout: 30_000 }

async function choose(page: Page, title: string) {
  await page.getByRole('button', { name: 'Cases' }).click()
  await page.getByRole('menuitemradio', { name: title }).click()
  await expect(page.locator('.headline')).toContainText(title)
}

/** Starts a run, and answers the tab that it opens. */
async function runInTabs(page: Page): Promise<Page> {
  const [tab] = await Promise.all([page.waitForEvent('popup'), run(page).click()])
  return tab
}

/** Whoever is there holds a lock of the browser's. */
async function expectNothingLeft(page: Page) {
  const left = () => page.evaluate(async () => (await navigator.locks.query()).held?.length)
  await expect.poll(left).toBe(0)
}

const cases = {
  'AB–BA': 'B ran in the second tab',
  'Recursive read lock': 'Writer ran in the second tab',
  'Dining philosophers': 'Philosopher 2 and Philosopher 4 ran in the second tab',
}

for (const [title, elsewhere] of Object.entries(cases)) {
  test(`${title}: detection finds the cycle across the tabs; fixed, everybody comes to an end`, async ({
    page,
  }) => {
    await open(page, '/#/deadlocks')
    await choose(page, title)
    const tab = await runInTabs(page)
    await expect(real(page)).toContainText(
      /^Over Web Locks, in two tabs, detection found the cycle \d+ ms after its last wait began: .+’s wait was rejected with DeadlockError/,
      patient,
    )
    await expect(real(page)).toContainText(/came to (its|their) end/)
    await expect(real(page)).toContainText(elsewhere)
    await expect(real(page)).toContainText('ends as the simulated one')
    await expect(page.locator('.real .bar-deadlock')).not.toHaveCount(0)
    expect(tab.isClosed()).toBe(true)
    await expectNothingLeft(page)
    await expectClean(page)
    await page
      .getByRole('button', { name: /^Fixed/ })
      .first()
      .click()
    await runInTabs(page)
    await expect(real(page)).toContainText('in two tabs, everybody came to an end', patient)
    await expect(real(page)).toContainText('ends as the simulated one')
    await expectNothingLeft(page)
  })
}

test('on plain http it goes over IndexedDB', async ({ page }) => {
  await open(page, `${plainAppURL}/#/deadlocks`)
  await choose(page, 'AB–BA')
  await runInTabs(page)
  await expect(real(page)).toContainText(
    /^Over IndexedDB, in two tabs, detection found the cycle \d+ ms/,
    patient,
  )
  await expect(real(page)).toContainText('ends as the simulated one')
})

test('a tab that is closed ends the run, which says so', async ({ page }) => {
  await open(page, '/#/deadlocks')
  await choose(page, 'Forgotten unlock')
  const tab = await runInTabs(page)
  await expect(tab.getByText('waits for a')).toBeVisible(patient)
  await tab.close()
  await expect(real(page)).toHaveText(
    'The run failed: The second tab was closed before the run had ended.',
  )
  await expect(run(page)).toBeEnabled()
  await expectNothingLeft(page)
})

test('a tab that is reloaded ends the run as well, and is closed', async ({ page }) => {
  await open(page, '/#/deadlocks')
  await choose(page, 'Forgotten unlock')
  const tab = await runInTabs(page)
  await expect(tab.getByText('waits for a')).toBeVisible(patient)
  const closed = tab.waitForEvent('close')
  await tab.evaluate(() => location.reload())
  await expect(real(page)).toContainText('The second tab was closed before the run had ended.')
  await closed
})

test('is cancelled from either tab', async ({ page }) => {
  await open(page, '/#/deadlocks')
  await choose(page, 'Forgotten unlock')
  const first = await runInTabs(page)
  const firstClosed = first.waitForEvent('close')
  await expect(real(page)).toContainText('a second one, which closes itself')
  await page.getByRole('button', { name: 'Cancel the run' }).click()
  await firstClosed
  await expect(real(page)).toHaveText('Cancelled.')
  const second = await runInTabs(page)
  const secondClosed = second.waitForEvent('close')
  const button = second.getByRole('button', { name: 'Cancel the run' })
  // The tab closes in the midst of it.
  await button.press('Enter').catch(() => {})
  await secondClosed
  await expect(real(page)).toHaveText('Cancelled.')
  await expect(run(page)).toBeEnabled()
  await expectNothingLeft(page)
})

test('a page that goes takes its tab with it', async ({ page }) => {
  await open(page, '/#/deadlocks')
  await choose(page, 'Forgotten unlock')
  const tab = await runInTabs(page)
  await expect(tab.getByText('waits for a')).toBeVisible(patient)
  const closed = tab.waitForEvent('close')
  await page.close()
  await closed
})

test('a tab that the browser blocks is told, with what to do', async ({ page }) => {
  // As browsers answer that block; this one, without a window of its own, blocks nothing.
  await page.addInitScript(() => {
    window.open = () => null
  })
  await open(page, '/#/deadlocks')
  await run(page).click()
  await expect(real(page)).toContainText('The browser did not let this page open a tab.')
  await expect(real(page)).toContainText('Allow pop-ups for this site')
  await expect(run(page)).toBeEnabled()
})

test('with the keyboard alone', async ({ page }) => {
  await open(page, '/#/deadlocks')
  await choose(page, 'AB–BA')
  await run(page).focus()
  const [tab] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Enter')])
  await expect(page.getByRole('button', { name: 'Cancel the run' })).toBeFocused()
  await expect(real(page)).toContainText('detection found the cycle', patient)
  expect(tab.isClosed()).toBe(true)
  await expect(run(page)).toBeFocused()
  const again = page.waitForEvent('popup')
  await page.keyboard.press('Enter')
  const closed = (await again).waitForEvent('close')
  await page.keyboard.press('Enter')
  await closed
  await expect(real(page)).toHaveText('Cancelled.')
  await expect(run(page)).toBeFocused()
})

test('says why it is not offered', async ({ page }) => {
  await open(page, '/#/deadlocks')
  await choose(page, 'Unlock deferred too early')
  await expect(run(page)).toBeDisabled()
})

test('two tabs lose an update of what they share, and do not with a lock', async ({ page }) => {
  await open(page, '/#/deadlocks')
  await choose(page, 'A hit counter without a lock')
  await runInTabs(page)
  await expect(real(page)).toContainText('came to an end: hits is', patient)
  await expect(page.locator('.real .step-deed')).toHaveCount(4)
  await page
    .getByRole('button', { name: /^Fixed/ })
    .first()
    .click()
  await runInTabs(page)
  await expect(real(page)).toContainText(
    'Over Web Locks, in two tabs, everybody came to an end: hits is 2.',
    patient,
  )
})

/** The tab's page with an opener that lets it be looked at: it plays nothing, and ends when told. */
async function tabToLookAt(page: Page): Promise<Page> {
  const opening = page.waitForEvent('popup')
  await page.evaluate(async () => {
    const life = 'a tab to look at'
    await new Promise<void>((granted) => {
      navigator.locks.request(`${life} page`, () => {
        granted()
        return new Promise(() => {})
      })
    })
    const tab = window.open('tab.html')
    window.addEventListener('message', ({ source, ports: [greeting] }) => {
      if (source !== tab) return
      const [talk, first, second] = [1, 2, 3].map(() => new MessageChannel())
      const names = ['Philosopher 2', 'Philosopher 4']
      greeting?.postMessage({ type: 'welcome', life }, [talk?.port2 as MessagePort])
      talk?.port1.postMessage(
        { type: 'host', title: '5 philosophers, left first', threads: names },
        [first?.port2 as MessagePort, second?.port2 as MessagePort],
      )
    })
  })
  return opening
}

for (const { theme, size, viewport } of looks) {
  test(`${theme}, ${size}: tab and page have no accessibility violations, nothing sticks out`, async ({
    page,
  }) => {
    await page.setViewportSize(viewport)
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await open(page, '/#/deadlocks')
    await choose(page, 'Dining philosophers')
    const tab = await tabToLookAt(page)
    await tab.setViewportSize(viewport)
    await tab.emulateMedia({ colorScheme: theme })
    await expect(tab.getByRole('listitem')).toHaveCount(2)
    await expect(tab.getByRole('heading', { level: 1 })).toHaveText('The second tab of a run')
    await expectClean(tab)
    expect(await noOverflow(tab)).toBe(true)
    await tab.close()
    await runInTabs(page)
    await expect(real(page)).toContainText('in two tabs, detection found', patient)
    await expectClean(page)
    expect(await noOverflow(page)).toBe(true)
  })
}

test('a tab that nobody opened says so', async ({ page }) => {
  await page.goto('/tab.html')
  await expect(page.getByText('No run needs this tab')).toBeVisible(patient)
  await expectClean(page)
})
