/** The Deadlocks page: every case goes wrong and is mended, and the page says how and why. */

import { expect, type Page, test } from '@playwright/test'
import { dismiss, open, readout } from './app-page'

const deadlocks = '/#/deadlocks'
const verdict = (page: Page) => page.getByTestId('verdict')
const words = (page: Page) => page.getByTestId('graph-words')

async function choose(page: Page, title: string) {
  await page.getByRole('button', { name: 'Cases' }).click()
  await page.getByRole('menuitemradio', { name: title }).click()
  await expect(page.locator('.headline')).toContainText(title)
}

const cases = [
  { title: 'Recursive read lock', says: /^Step \d+\. Deadlock: / },
  { title: 'Nested write lock', says: /Deadlock: Writer waits for itself/ },
  { title: 'AB–BA', says: /closed the cycle A → B → A/ },
  { title: 'Dining philosophers', says: /^Step \d+\. Deadlock: Philosopher \d’s wait for fork\d/ },
  { title: 'Forgotten unlock', says: /^Stuck after step \d+: Second waits for ever for a/ },
  { title: 'Unlock skipped by an exception', says: /^Stuck after step \d+: Second waits for ever/ },
  { title: 'Unlock deferred too early', says: /^Misuse at step \d+: First unlocks a/ },
  { title: 'Two readers that upgrade', says: /^Step \d+\. Deadlock: / },
  {
    title: 'A callback that asks for its own lock',
    says: /Deadlock: Notifier waits for itself/,
  },
  { title: 'A hit counter without a lock', says: /^An update is lost: at the end hits is 1/ },
]

test('opens from the sidebar and by its key, and leads back', async ({ page }) => {
  await open(page)
  await page.getByRole('link', { name: 'Deadlocks' }).click()
  await expect(page).toHaveURL(/#\/deadlocks\?/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Why does nobody go on?')
  await page.keyboard.press('1')
  await expect(page).toHaveURL(/#\/seven-seconds\?/)
  await page.keyboard.press('2')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Why does nobody go on?')
  await page.goBack()
  await expect(page).toHaveURL(/#\/seven-seconds\?/)
})

for (const { title, says } of cases) {
  test(`${title}: goes wrong, and does not once it is fixed`, async ({ page }) => {
    await open(page, deadlocks)
    await choose(page, title)
    await expect(verdict(page)).toHaveText(says)
    await page.keyboard.press('End')
    await expect(readout(page)).toContainText(/step (\d+) of \1/)
    const fixes = page
      .getByRole('group', { name: 'Program' })
      .getByRole('button', { name: /^Fixed/ })
    for (const fix of await fixes.all()) {
      await fix.click()
      await expect(verdict(page)).toHaveText(/^Everybody comes to an end after \d+ steps/)
      await page.keyboard.press('End')
      await expect(words(page)).toHaveText('Nobody holds a lock, and nobody waits.')
    }
  })
}

test('the graph grows with the waits and says which one closed the cycle', async ({ page }) => {
  await open(page, deadlocks)
  await choose(page, 'AB–BA')
  await expect(words(page)).toHaveText('Nobody holds a lock, and nobody waits.')
  await page.keyboard.press('ArrowRight')
  await expect(words(page).getByRole('listitem')).toHaveText(['A holds a.'])
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await expect(words(page)).toContainText('A holds a and waits for b, which B holds.')
  await expect(page.locator('.graph-edge[data-cycle]')).toHaveCount(0)
  await page.keyboard.press('ArrowRight')
  await expect(words(page)).toContainText('B’s wait for a closed the cycle A → B → A.')
  await expect(page.locator('.graph-edge[data-cycle]')).toHaveCount(4)
  await expect(page.locator('.graph-note')).toHaveText('closes the cycle')
})

test('two to seven philosophers sit down, each with the fix that was chosen', async ({ page }) => {
  await open(page, deadlocks)
  await choose(page, 'Dining philosophers')
  const more = page.getByRole('button', { name: 'One philosopher more' })
  const less = page.getByRole('button', { name: 'One philosopher less' })
  for (const count of [6, 7]) {
    await more.click()
    await expect(page.locator('.thread-listing')).toHaveCount(count)
    await expect(verdict(page)).toHaveText(/Deadlock/)
  }
  await expect(more).toHaveAttribute('aria-disabled', 'true')
  await page.getByRole('button', { name: /one all/ }).click()
  for (const count of [6, 5, 4, 3, 2]) {
    await less.click()
    await expect(page.locator('.thread-listing')).toHaveCount(count)
    await expect(verdict(page)).toHaveText(/^Everybody/)
  }
  await expect(less).toHaveAttribute('aria-disabled', 'true')
})

test('plays at its own pace and stops at the end', async ({ page }) => {
  await open(page, deadlocks)
  await choose(page, 'AB–BA')
  await page.getByLabel('Steps per second').selectOption('8')
  await page.getByRole('button', { name: 'Play', exact: true }).click()
  await expect(readout(page)).toContainText('step 4 of 4')
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
})

test('one is the scheduler with buttons and number keys, and takes it back', async ({ page }) => {
  await open(page, deadlocks)
  await choose(page, 'AB–BA')
  await page.getByRole('button', { name: 'You are the scheduler' }).click()
  const note = page.getByTestId('reachable')
  await expect(note).toContainText('still be reached, in at least 4 steps')
  await page.keyboard.press('1')
  await expect(note).toContainText('in at least 3 steps')
  await page.getByRole('button', { name: 'Step 1' }).click()
  await expect(note).toContainText('cannot be reached any more')
  await page.keyboard.press('ArrowLeft')
  await expect(note).toContainText('in at least 3 steps')
  for (const key of ['2', '1', '2']) await page.keyboard.press(key)
  await expect(verdict(page)).toContainText('Deadlock: B’s wait for a closed the cycle')
  await expect(page.getByRole('button', { name: 'Step 1' })).toHaveAttribute(
    'aria-disabled',
    'true',
  )
  for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowLeft')
  await expect(note).toContainText('in at least 4 steps')
})

test('the table says every step in words and leads to it', async ({ page }) => {
  await open(page, deadlocks)
  await choose(page, 'AB–BA')
  await page.getByRole('button', { name: 'Table' }).click()
  const table = page.getByRole('table', { name: 'Every step' })
  await expect(table.getByRole('row').nth(3)).toContainText('A asks for b, which B holds')
  await table.getByRole('button', { name: '3', exact: true }).click()
  await expect(readout(page)).toContainText('step 3 of 4')
})

test('edits the program: errors in place, lock names completed', async ({ page }) => {
  await open(page, deadlocks)
  await page.getByRole('button', { name: 'Edit program' }).click()
  const text = page.getByRole('textbox', { name: 'Program text' })
  await expect(text).toBeFocused()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('thread Solo\nlock left\nlok left')
  const state = page.getByRole('complementary').getByRole('status')
  await expect(state).toContainText('Line 3, column 1')
  await expect(state).toContainText('still shows the last valid text')
  await expect(page.locator('.thread-line')).toHaveText([/^lock left/])
  for (let letter = 0; letter < 8; letter++) await page.keyboard.press('Backspace')
  await page.keyboard.type('unlock le')
  // With the mouse: a key within 75 ms of the list's coming is taken for typing, not for a choice.
  await page.getByRole('option', { name: 'left' }).click()
  await expect(state).toContainText('Valid')
  await expect(page.locator('.thread-name')).toContainText(['Solo'])
  await expect(verdict(page)).toHaveText('Everybody comes to an end after 2 steps.')
  await dismiss(page, text)
  await expect(page.getByRole('button', { name: 'Edit program' })).toBeFocused()
})

const outcome = (page: Page, name: string) =>
  page.locator('.explore-outcomes').getByRole('button', { name })

test('explores all interleavings; an outcome opens where it is decided', async ({ page }) => {
  await open(page, deadlocks)
  await choose(page, 'AB–BA')
  await page.getByRole('button', { name: 'Explore all interleavings' }).click()
  await expect(page.getByTestId('explored')).toContainText('All 14 schedules')
  await expect(outcome(page, 'Deadlock')).toContainText(
    '4 schedules, 28.6 % of all; shortest: 4 steps',
  )
  await expect(outcome(page, 'Deadlock')).toContainText('50.0 %')
  await expect(page.getByTestId('property-no-deadlock')).toContainText('fails')
  await expect(page.getByTestId('property-mutual-exclusion')).toContainText('on every schedule')

  await outcome(page, 'Everybody comes to an end').click()
  await expect(verdict(page)).toHaveText('Everybody comes to an end after 8 steps.')
  await outcome(page, 'Deadlock').click()
  await expect(verdict(page)).toContainText('Deadlock')
  await expect(readout(page)).toContainText('step 2 of 4')
  await page.getByTestId('property-no-deadlock').getByRole('button').click()
  await expect(readout(page)).toContainText('step 4 of 4')

  // What was found is about this program, and about no other.
  await page.getByRole('button', { name: /^Fixed/ }).click()
  await expect(page.getByTestId('explored')).toHaveCount(0)
  await page.keyboard.press('x')
  await expect(page.getByTestId('property-no-deadlock')).toContainText('on every schedule')
  await expect(outcome(page, 'Deadlock')).toHaveCount(0)
})

test('“sometimes” stands beside “always”', async ({ page }) => {
  await open(page, deadlocks)
  await choose(page, 'Recursive read lock')
  await page.keyboard.press('x')
  await expect(outcome(page, 'Deadlock')).toContainText('16.7 % of all')
  await expect(page.getByTestId('beside')).toContainText(
    'Nested write lock: 100 % of its schedules',
  )
  await choose(page, 'Nested write lock')
  await page.keyboard.press('x')
  await expect(outcome(page, 'Deadlock')).toContainText('100 % of all')
  await expect(page.getByTestId('beside')).toContainText('Recursive read lock: 16.7 %')
})

/** Eight threads that have nothing to do with each other: some millions of states. */
const vast = Array.from(
  { length: 8 },
  (_, thread) => `thread T${thread}\n${`  lock l${thread}\n  unlock l${thread}\n`.repeat(5)}`,
).join('')

async function edit(page: Page, text: string) {
  await page.getByRole('button', { name: 'Edit program' }).click()
  await page.getByRole('textbox', { name: 'Program text' }).fill(text)
  await expect(page.getByText('Valid: the picture')).toBeVisible()
  await page.getByRole('complementary').getByRole('button', { name: 'Close the editor' }).click()
}

test('exploring shows its progress and can be cancelled', async ({ page }) => {
  await open(page, deadlocks)
  await edit(page, vast)
  await page.keyboard.press('x')
  await expect(page.getByTestId('explore-progress')).toContainText(
    /[1-9][\d,]* states, \d+ steps deep/,
  )
  // The page goes on meanwhile.
  await page.keyboard.press('ArrowRight')
  await expect(readout(page)).toContainText('step  1 of 80')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('region', { name: 'All interleavings' })).toContainText('Cancelled')
})

test('says that it samples what is too large to explore', async ({ page }) => {
  await open(page, deadlocks)
  await edit(page, vast)
  await page.keyboard.press('x')
  await expect(page.getByTestId('explored')).toContainText('An estimate.', { timeout: 50_000 })
  await expect(page.getByTestId('explored')).toContainText('10,000 schedules were drawn at random')
  await expect(outcome(page, 'Everybody')).toContainText('95 % interval')
  // Threads without a lock in common: that much is certain without going through all states.
  await expect(page.getByTestId('explored')).toContainText('These ends are all there are')
  await expect(page.getByTestId('property-no-deadlock')).toContainText('on every schedule')
  await expect(page.getByTestId('property-bounded-overtaking')).toContainText('not refuted')
})

test('runs a thousand times with random sleeps', async ({ page }) => {
  await open(page, deadlocks)
  await choose(page, 'AB–BA')
  await page.getByRole('button', { name: 'Run 1,000 times' }).click()
  const timed = page.getByTestId('timed')
  await expect(timed).toContainText(
    /Deadlock: \d+ of 1,000 runs, [\d.]+\s% \(95 % interval [\d.]+\s% to [\d.]+\s%\)/,
  )
  await timed.getByRole('button', { name: 'Watch one' }).first().click()
  await expect(verdict(page)).toContainText('Deadlock')
  await page.getByRole('button', { name: /^Fixed/ }).click()
  await page.getByRole('button', { name: 'Run 1,000 times' }).click()
  await expect(timed).toContainText('Everybody comes to an end: 1,000 of 1,000 runs, 100 %')
})
