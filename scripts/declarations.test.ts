import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { publishDeclarations } from './declarations'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-'))
const from = join(folder, 'from')
const to = join(folder, 'to')

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function published(files: Record<string, string>, entries: readonly string[]) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(from, path)), { recursive: true })
    writeFileSync(join(from, path), text)
  }
  publishDeclarations(from, entries, to)
  const names = readdirSync(to, { recursive: true, encoding: 'utf8' })
  return Object.fromEntries(
    names
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => name.endsWith('.ts'))
      .sort()
      .map((name) => [name, readFileSync(join(to, name), 'utf8')]),
  )
}

it('names the files of relative imports, and leaves the unreached behind', () => {
  const files = {
    'locks/index.d.ts': [
      "import type { A } from './ports/a'",
      "export * from './ports'",
      "export declare const b: import('./ports/a').A | A",
      "import type { C } from 'react'",
      '',
    ].join('\n'),
    'locks/ports/index.d.ts': "export { A } from './a'\nexport * from '..'\n",
    'locks/ports/a.d.ts': 'export interface A {}\n',
    'locks/unreached.d.ts': 'export {}\n',
  }
  expect(published(files, ['locks/index.d.ts'])).toEqual({
    'locks/index.d.ts': [
      '/// <reference lib="esnext.disposable" />',
      "import type { A } from './ports/a.js'",
      "export * from './ports/index.js'",
      "export declare const b: import('./ports/a.js').A | A",
      "import type { C } from 'react'",
      '',
    ].join('\n'),
    'locks/ports/index.d.ts': "export { A } from './a.js'\nexport * from '../index.js'\n",
    'locks/ports/a.d.ts': 'export interface A {}\n',
  })
})

it('fails on an import that leads nowhere', () => {
  const files = { 'index.d.ts': "export * from './gone'\n" }
  expect(() => published(files, ['index.d.ts'])).toThrow("no declaration for './gone'")
})
