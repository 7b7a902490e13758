/**
 * The plain pages of `e2e/pages`, bundled and served: an agent starts with one request and not with
 * one for each module, for a test opens hundreds of them. As a program it serves them for
 * Playwright, until it is ended:
 *
 *     tsx scripts/test-pages.ts --port 4180
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build, type PreviewServer, preview } from 'vite'
import { root } from './tool'

const pages = join(root, 'e2e/pages')
const host = '127.0.0.1'

/** @param name of the folder to build into: two runs at a time must not share one */
export async function servePages(
  name: string,
  port: number,
): Promise<PreviewServer & { url: string }> {
  const outDir = join(root, 'node_modules/.cache/latchkey', name)
  const shared = { configFile: join(pages, 'vite.config.ts'), logLevel: 'warn' } as const
  const built = { outDir, minify: false, target: 'es2022', modulePreload: false } as const
  const html = readdirSync(pages).filter((file) => file.endsWith('.html'))
  await build({
    ...shared,
    build: {
      ...built,
      emptyOutDir: true,
      rolldownOptions: {
        input: html.map((file) => join(pages, file)),
        // `'use client'` says nothing to a page.
        checks: { moduleLevelDirective: false },
      },
    },
  })
  // A bundle of its own shares no module with the pages, and no name either, for it is minified: as
  // two bundled copies of a library.
  await build({
    ...shared,
    build: {
      ...built,
      minify: true,
      emptyOutDir: false,
      rolldownOptions: {
        input: join(pages, 'another-copy.ts'),
        output: { entryFileNames: '[name].js' },
      },
    },
  })
  const server = await preview({
    ...shared,
    build: { outDir },
    preview: { host, port, strictPort: true },
  })
  return Object.assign(server, { url: `http://${host}:${port}` })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { port: { type: 'string' } } })
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 1) {
    console.error(`--port must be a port, got ${values.port}`)
    process.exit(2)
  }
  await servePages('pages', port)
}
