/**
 * Builds what is published: one readable, unminified module per entry point, what they share in
 * chunks, source maps, and declarations.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import { build, parseSync, Visitor } from 'vite'
import { runChild } from './child'
import { publishDeclarations } from './declarations'
import { entries, library } from './entries'
import { root, tool } from './tool'

const output = join(root, library)
const staging = join(root, 'node_modules/.cache/latchkey/declarations')

await buildModules()
refuseUsing()
await buildDeclarations()
console.log(`${library}: ${entries.map(({ specifier }) => specifier).join(', ')}`)

async function buildModules(): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir: output,
      emptyOutDir: true,
      minify: false,
      sourcemap: true,
      // As written: lowering is the business of whoever bundles it, who knows their browsers.
      target: 'esnext',
      lib: {
        entry: Object.fromEntries(entries.map(({ name, source }) => [name, join(root, source)])),
        formats: ['es'],
      },
      rolldownOptions: {
        // Packages are peers and stay imports.
        external: (id) => !id.startsWith('.') && !isAbsolute(id),
        // Numbers have names for readers; who minifies it would keep each as a variable.
        optimization: { inlineConst: true },
        output: { chunkFileNames: 'chunks/[name].js' },
        // `'use client'` stands at the top of an entry and stays there: scripts/package.ts looks.
        checks: { moduleLevelDirective: false },
      },
    },
  })
}

/** `using` is offered to users but may not be used here: Node 20 and Safari can not parse it. */
function refuseUsing(): void {
  for (const name of readdirSync(output, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js')) continue
    const text = readFileSync(join(output, name), 'utf8')
    new Visitor({
      VariableDeclaration: ({ kind, start }) => {
        if (!kind.endsWith('using')) return
        const line = text.slice(0, start).split('\n').length
        console.error(`${library}/${name}:${line}: '${kind}' does not parse in every engine`)
        process.exit(1)
      },
    }).visit(parseSync(name, text).program)
  }
}

async function buildDeclarations(): Promise<void> {
  rmSync(staging, { recursive: true, force: true })
  mkdirSync(staging, { recursive: true })
  const options = ['--noEmit', 'false', '--emitDeclarationOnly', '--outDir', staging]
  const tsc = [tool('typescript', 'tsc'), '-p', 'tsconfig.lib.json', ...options]
  const { code } = await runChild(process.execPath, tsc, { limit: 120_000, cwd: root })
  if (code !== 0) process.exit(1)

  const types = `${library}/types`
  const paths = entries.map((entry) => relative(types, entry.types))
  publishDeclarations(staging, paths, join(root, types))
}
