/** How a page may be seen, and what must be true of it then. */

import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

const wide = { size: 'wide', viewport: { width: 1440, height: 900 } } as const
const phone = { size: 'phone', viewport: { width: 390, height: 844 } } as const

const everyDay = [
  { theme: 'light', ...wide },
  { theme: 'dark', ...phone },
] as const

/** Each theme and each size; in the long form each theme in each size. */
export const looks = process.env.LATCHKEY_FULL
  ? ([...everyDay, { theme: 'light', ...phone }, { theme: 'dark', ...wide }] as const)
  : everyDay

export const { viewport: phoneViewport } = phone

/** @param except axe's rules that do not apply here */
export async function expectClean(page: Page, except: string[] = []): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .disableRules(except)
    .analyze()
  expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([])
}

export function noOverflow(page: Page): Promise<boolean> {
  return page.evaluate(
    () => document.documentElement.scrollWidth <= document.documentElement.clientWidth,
  )
}
