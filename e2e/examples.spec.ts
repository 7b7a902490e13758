/** Every example in the README, the guide and the doc comments runs, and leaves no lock held. */

import { readdirSync, readFileSync } from 'node:fs'
import { expect, type Page, test } from '@playwright/test'
import { transformWithOxc } from 'vite'
import { pagesURL } from '../playwright.config'

/** Where its reader would have it: in a page, in a worker that was sent a memory, in a component. */
type Place = 'page' | 'worker' | 'react'

interface Example {
  readonly where: string
  readonly place: Place
  readonly code: string
}

/** What runs a block of each language. A block of another one is a gap. */
const runners: Readonly<Record<string, Place | 'elsewhere'>> = {
  js: 'page',
  'js worker': 'worker',
  tsx: 'react',
  // Commands: scripts/commands.test.ts.
  sh: 'elsewhere',
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

/** Fenced blocks of the languages that run here. */
function inMarkdown(file: string): Example[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/^```(\S.*)\n([\s\S]*?)^```/gm)].flatMap((match) => {
    const [, language = '', code = ''] = match
    const where = `${file}:${lineOf(text, match.index)}`
    const place = runners[language]
    if (place === undefined) throw new Error(`${where}: nothing runs a block of '${language}'`)
    return place === 'elsewhere' ? [] : [{ where, place, code }]
  })
}

/** From `@example` to the next tag or the comment's end. */
function inComments(file: string): Example[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/@example\n([\s\S]*?)(?=\n\s*\*\/|\n\s*\* @)/g)].map((match) => ({
    where: `${file}:${lineOf(text, match.index)}`,
    place: file.startsWith('src/react') ? 'react' : 'page',
    code: (match[1] ?? '').replace(/^\s*\* ?/gm, ''),
  }))
}

/** As a browser takes it: without types and JSX. */
async function compiled({ place, code }: Example): Promise<string> {
  if (place !== 'react') return code
  return (await transformWithOxc(code, 'example.tsx', { jsx: { runtime: 'classic' } })).code
}

const examples = [
  ...['README.md', ...filesIn('docs', '.md'), ...filesIn('examples', 'README.md')]
    .filter((name) => !name.includes('node_modules'))
    .flatMap(inMarkdown),
  ...['src/locks', 'src/observe', 'src/inspector', 'src/react']
    .flatMap((folder) => filesIn(folder, '.ts'))
    .flatMap(inComments),
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

for (const example of examples) {
  const { where, place } = example
  test(`the example at ${where} runs`, async () => {
    const code = await compiled(example)
    await page.evaluate(([source, where]) => runExample(source, where), [code, place] as const)
    // Agents that share memory are present by a lock of their own, for which others wait.
    const { held = [], pending = [] } = await page.evaluate(() => navigator.locks.query())
    const left = [...held, ...pending].filter(({ name }) => !name?.startsWith('latchkey presence'))
    expect(left).toEqual([])
  })
}
