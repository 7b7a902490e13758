/**
 * What its users' tools say of the package: packs it as npm would and asks publint and attw (are the
 * types wrong?) about the tarball. Any finding fails.
 *
 * attw's profile `esm-only`: there is no CommonJS build, which Node 20.19 and later can `require` all
 * the same, and TypeScript's old `node10` resolution knows no `exports`.
 */
import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runChild } from './child'
import { npm } from './npm'
import { root, tool } from './tool'

const limit = 120_000
/** Where the examples install it from. */
const tarball = join(root, 'dist/latchkey.tgz')

await pack()
refuseLost()
await ask('publint', [tool('publint'), 'run', tarball, '--strict'])
const attw = tool('@arethetypeswrong/cli', 'attw')
await ask('attw', [attw, tarball, '--profile', 'esm-only', '--no-emoji', '--no-color'])
console.log('The tarball is clean for publint and attw.')

async function pack(): Promise<void> {
  const folder = join(root, 'node_modules/.cache/latchkey/pack')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const args = ['pack', '--json', '--ignore-scripts', '--silent', '--pack-destination', folder]
  const { code, output, log } = await npm(args, root)
  if (code !== 0) fail('npm pack', log)
  const [packed] = JSON.parse(output) as readonly { readonly filename: string }[]
  if (packed === undefined) fail('npm pack', log)
  else renameSync(join(folder, packed.filename), tarball)
}

/** Bundlers may drop directives: frameworks with server components need this one. */
function refuseLost(): void {
  const text = readFileSync(join(root, 'dist/lib/react.js'), 'utf8')
  if (!/^['"]use client['"]/.test(text))
    fail('latchkey/react', "'use client' is not its first line")
}

async function ask(name: string, command: readonly string[]): Promise<void> {
  const { code, log } = await runChild(process.execPath, command, { limit, quiet: true, cwd: root })
  if (code !== 0) fail(name, log)
}

function fail(what: string, log: string): void {
  console.error(`package: ${what} failed\n${log}`)
  process.exit(1)
}
