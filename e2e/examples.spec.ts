/** Every example in the README, the guide and the doc comments runs, and leaves no lock held. */

import { readdirSync, readFileSync } from 'node:fs'
import { expect, type Page, test } from '@playwright/test'
import { pagesURL } from '../playwright.config'

interface Example {
  readonly where: string
  /** Where its reader would have it: in a page, or in a worker that was sent a memory. */
  readonly place: 'page' | 'worker'
  readonly code: string
}

function filesIn(folder: string, ending: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`)
    .sort()
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

/** Fenced blocks of JavaScript; those of another language are not ours to run. */
function inMarkdown(file: string): Example[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/^```js( worker)?\n([\s\S]*?)^```/gm)].map((match) => ({
    where: `${file}:${lineOf(text, match.index)}`,
    place: match[1] === undefined ? 'page' : 'worker',
    code: match[2] ?? '',
  }))
}

/** From `@example` to the next tag or the comment's end. */
function inComments(file: string): Example[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/@example\n([\s\S]*?)(?=\n\s*\*\/|\n\s*\* @)/g)].map((match) => ({
    where: `${file}:${lineOf(text, match.index)}`,
    place: 'page',
    code: (match[1] ?? '').replace(/^\s*\* ?/gm, ''),
  }))
}

const examples = [
  ...['README.md', ...filesIn('docs', '.md')].flatMap(inMarkdown),
  ...['src/locks', 'src/observe'].flatMap((folder) => filesIn(folder, '.ts')).flatMap(inComments),
]

test('there are examples to run', () => {
  expect(examples.length).toBeGreaterThan(8)
})

let page: Page

test.beforeAll(async ({ browser }) => {
  page = await browser.newPage()
  await page.goto(`${pagesURL}/examples.html`)
  await page.waitForFunction(() => 'runExample' in globalThis)
})

test.afterAll(() => page.close())

for (const { where, place, code } of examples) {
  test(`the example at ${where} runs`, async () => {
    await page.evaluate(([source, where]) => runExample(source, where), [code, place] as const)
    // Agents that share memory are present by a lock of their own, for which others wait.
    const { held = [], pending = [] } = await page.evaluate(() => navigator.locks.query())
    const left = [...held, ...pending].filter(({ name }) => !name?.startsWith('latchkey presence'))
    expect(left).toEqual([])
  })
}
