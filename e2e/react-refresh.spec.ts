/** Fast Refresh, as a developer has it: Vite's own server swaps a component while it holds a lock. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Page, expect as soon, test } from '@playwright/test'
import react from '@vitejs/plugin-react'
import { createServer } from 'vite'
import { root } from '../scripts/tool'

// Vite prepares packages on the way, on a machine that may be busy.
const expect = soon.configure({ timeout: 30_000 })

/** @param hooks what else the component uses: other hooks than before make React mount it anew */
const draft = (words: string, hooks = '') => `
import { useState } from 'react'
import { createLocks } from 'latchkey'
import { useLock } from 'latchkey/react'

const locks = createLocks()

export function Draft() {
  ${hooks}
  const { status } = useLock(locks.mutex('draft'))
  return <output>${words}: {status}</output>
}
`

const files = {
  'index.html':
    '<!doctype html><link rel="icon" href="data:," /><main></main><script type="module" src="./main.tsx"></script>',
  'main.tsx': `
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Draft } from './draft'

createRoot(document.querySelector('main')).render(<StrictMode><Draft /></StrictMode>)
`,
  'draft.tsx': draft('before'),
}

function entriesOf(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const { held = [], pending = [] } = await navigator.locks.query()
    return [held, pending].map((list) => list.filter(({ name }) => name === 'draft').length)
  })
}

test('an edited component holds its lock, and once', async ({ page }) => {
  // Where packages are found, and Vite watches: it does not look into Playwright's own folder.
  mkdirSync(join(root, 'dist'), { recursive: true })
  const folder = mkdtempSync(join(root, 'dist/refresh-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const server = await createServer({
    root: folder,
    configFile: false,
    logLevel: 'warn',
    cacheDir: join(folder, '.vite'),
    plugins: [react()],
    server: { host: '127.0.0.1', port: 0, fs: { allow: [root] } },
    resolve: {
      alias: {
        'latchkey/react': join(root, 'src/react'),
        latchkey: join(root, 'src/locks'),
      },
    },
  })
  try {
    await server.listen()
    await page.goto(server.resolvedUrls?.local[0] ?? '')
    const words = page.getByRole('status')
    await expect(words).toHaveText('before: held')
    // Gone with a reload.
    await page.evaluate(() => Object.assign(globalThis, { marked: true }))

    const edits = [draft('after'), draft('other hooks', 'useState(0)'), draft('again')]
    for (const edit of edits) {
      writeFileSync(join(folder, 'draft.tsx'), edit)
      const name = /<output>(.*):/.exec(edit)?.[1]
      await expect(words).toHaveText(`${name}: held`)
      expect(await entriesOf(page)).toEqual([1, 0])
    }
    expect(await page.evaluate(() => 'marked' in globalThis)).toBe(true)
  } finally {
    await server.close()
    rmSync(folder, { recursive: true })
  }
})
