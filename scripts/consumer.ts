/**
 * Is what would be published usable? Packs the package as npm would, puts it where a user's
 * `node_modules` would have it, imports every entry point in plain Node, takes a lock, and
 * type-checks a small program under both module resolutions, without Node's types and with the
 * library's declarations checked as well.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runChild } from './child'
import { entries } from './entries'
import { npm } from './npm'
import { root, tool } from './tool'

// Below the repository's own node_modules, so that optional peers are found as a user's would be.
const folder = join(root, 'node_modules/.cache/latchkey/consumer')
const limit = 120_000

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const files = await packed()
for (const file of files) {
  const target = join(folder, 'node_modules/latchkey', file)
  mkdirSync(dirname(target), { recursive: true })
  cpSync(join(root, file), target)
}

writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
writeFileSync(
  join(folder, 'program.ts'),
  `import { createLocks } from 'latchkey'
${entries.map(({ specifier }, index) => `import * as entry${index} from '${specifier}'`).join('\n')}
const locks = createLocks({ reach: 'realm' })
const answer: string = await locks.mutex('cart').run(async () => 'held')
// A declaration that does not resolve is \`any\`, and \`any\` would take this argument.
// @ts-expect-error
locks.mutex(42)
export const all: readonly object[] = [answer as unknown as object, ${entries.map((_, index) => `entry${index}`).join(', ')}]
`,
)
for (const [module, moduleResolution] of [
  ['node16', 'node16'],
  ['esnext', 'bundler'],
] as const) {
  const options = ['--module', module, '--moduleResolution', moduleResolution]
  await must(`types under ${moduleResolution}`, process.execPath, [
    tool('typescript', 'tsc'),
    ...['--ignoreConfig', '--noEmit', '--strict', '--exactOptionalPropertyTypes'],
    ...['--target', 'ES2022', '--lib', 'ES2022,DOM', '--types', '', ...options],
    'program.ts',
  ])
}

writeFileSync(
  join(folder, 'program.mjs'),
  `const specifiers = ${JSON.stringify(entries.map(({ specifier }) => specifier))}
for (const specifier of specifiers) {
  if (Object.keys(await import(specifier)).length === 0) throw new Error(specifier + ' is empty')
}
const { createLocks } = await import('latchkey')
const answer = await createLocks({ reach: 'realm' }).mutex('cart').run(async () => 'held')
if (answer !== 'held') throw new Error('run answered ' + answer)
`,
)
await must('imports and a lock in Node', process.execPath, ['program.mjs'])
console.log(`The package as packed (${files.length} files) resolves, type-checks and locks.`)

async function must(what: string, command: string, args: readonly string[]): Promise<void> {
  const { code, log } = await runChild(command, args, { limit, quiet: true, cwd: folder })
  if (code === 0) return
  console.error(`consumer: ${what} failed\n${log}`)
  process.exit(1)
}

/** What `npm pack` would take. */
async function packed(): Promise<readonly string[]> {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts', '--silent']
  const { code, output, log } = await npm(args, root)
  if (code !== 0) {
    console.error(`consumer: npm pack failed\n${log}`)
    process.exit(1)
  }
  const [pack] = JSON.parse(output) as readonly { files: readonly { path: string }[] }[]
  return (pack?.files ?? []).map(({ path }) => path)
}
