/** Workers that cannot play: the run says so, names the thread, and leaves nothing behind. */

import { expect, type Page, test } from '@playwright/test'
import { pagesURL } from '../playwright.config'
import type {} from './pages/perform'

/** The page, its workers' script answered with `body`; `undefined`: not found. */
async function openLab(page: Page, body: string | undefined): Promise<void> {
  await page.route(/\/worker-[\w-]+\.js$/, (route) =>
    route.fulfill(
      body === undefined
        ? { status: 404 }
        : {
            body,
            contentType: 'text/javascript',
            headers: { 'Cross-Origin-Embedder-Policy': 'require-corp' },
          },
    ),
  )
  await page.goto(`${pagesURL}/perform.html`)
}

const cases = [
  ['a script that is not there', undefined, 'did not load'],
  ['a script that throws', 'throw new Error("broken on arrival")', 'broken on arrival'],
  ['a script of another version', 'onmessage = () => postMessage({ type: "hello" })', 'hello'],
] as const

for (const [what, body, why] of cases) {
  test(what, async ({ page }) => {
    await openLab(page, body)
    const failure = await page.evaluate(() => lab.fail())
    expect(failure).toMatchObject({
      code: 'worker-failed',
      threads: [expect.stringMatching(/^(Reader|Writer) \d$/)],
      message: expect.stringMatching(new RegExp(`^(Reader|Writer) \\d: .*${why}`)),
    })
    await expect.poll(() => page.workers()).toEqual([])
  })
}

test('a browser with nothing that reaches workers', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })
    Object.assign(globalThis, { SharedArrayBuffer: undefined })
    Object.defineProperty(globalThis, 'indexedDB', { value: undefined })
  })
  await page.goto(`${pagesURL}/perform.html`)
  expect(await page.evaluate(() => lab.fail())).toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('Web Locks'),
  })
})
