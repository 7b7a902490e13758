/**
 * The example app, as a user would have it: installs the packed library from the tarball that
 * `package.ts` left, checks the app's types against it, and builds it. No registry is asked, for the
 * library has no dependencies, and the tools are found in the repository around it.
 *
 *     tsx scripts/example.ts             builds it
 *     tsx scripts/example.ts --serve     and serves it, until it is ended
 */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { preview } from 'vite'
import { runChild } from './child'
import { npm } from './npm'
import { root, tool } from './tool'

const { values } = parseArgs({ options: { serve: { type: 'boolean', default: false } } })
const folder = join(root, 'examples/two-tab-cart')

if (!existsSync(join(root, 'dist/latchkey.tgz'))) {
  fail('there is no dist/latchkey.tgz', 'run npm run build:lib and tsx scripts/package.ts first')
}
// An installed library of the same version would be taken for this one.
rmSync(join(folder, 'node_modules'), { recursive: true, force: true })
const install = ['install', '--offline', '--no-package-lock', '--ignore-scripts', '--no-audit']
const { code, log } = await npm(install, folder)
if (code !== 0) fail('npm install', log)
await must('tsc', [tool('typescript', 'tsc')])
await must('vite build', [tool('vite'), 'build'])
console.log('examples/two-tab-cart builds with the packed library.')
if (values.serve) {
  const server = await preview({ root: folder })
  server.printUrls()
}

async function must(what: string, command: readonly string[]): Promise<void> {
  const options = { limit: 120_000, quiet: true, cwd: folder }
  const { code, log } = await runChild(process.execPath, command, options)
  if (code !== 0) fail(what, log)
}

function fail(what: string, log: string): never {
  console.error(`example: ${what} failed\n${log}`)
  process.exit(1)
}
