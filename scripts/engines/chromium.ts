/** Chromium, under Playwright. */

import { chromium } from 'playwright'
import { chromiumArguments } from '../chromium-arguments'
import { type Engine, startLimit } from './engine'

export function chromiumEngine(path: string): Engine {
  return {
    async open(url) {
      const browser = await chromium.launch({
        executablePath: path,
        args: [...chromiumArguments],
        timeout: startLimit,
      })
      const page = await browser.newPage()
      await page.goto(url, { timeout: startLimit })
      return {
        version: browser.version(),
        evaluate: (expression) => page.evaluate(expression),
        close: () => browser.close(),
      }
    },
  }
}
