/**
 * Makes declarations that every consumer can resolve. Source is written with `./ports/port`, which
 * bundlers understand and Node does not: under `moduleResolution: node16` such an import resolves
 * to nothing and quietly becomes `any`. So each relative specifier gets the name of its file.
 *
 * `rewriteRelativeImportExtensions` was ruled out (it needs extensions in the source), and so was
 * bundling the declarations (the tools for it need the older compiler's API).
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { specifiers } from './specifiers'

/**
 * Copies `entries` (paths below `from`) and every declaration that they reach to `to`. What no
 * entry reaches stays behind.
 */
export function publishDeclarations(from: string, entries: readonly string[], to: string): void {
  const waiting = entries.map((entry) => resolve(from, entry))
  const seen = new Set<string>()
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    const { text, imports } = withFileNames(file, readFileSync(file, 'utf8'))
    waiting.push(...imports)
    const target = join(to, relative(from, file))
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, entries.includes(relative(from, file)) ? disposable + text : text)
  }
}

/** Holds are `Disposable`, a type that a consumer's `lib` need not contain. */
const disposable = '/// <reference lib="esnext.disposable" />\n'

function withFileNames(file: string, text: string): { text: string; imports: string[] } {
  const imports: string[] = []
  let named = text
  // From the back, so that the places of what is still to be rewritten stay right.
  for (const { value, start, end } of [...specifiers(file, text)].sort(
    (a, b) => b.start - a.start,
  )) {
    if (!value?.startsWith('.')) continue
    const base = resolve(dirname(file), value)
    const suffix = ['', '/index'].find((candidate) => existsSync(`${base}${candidate}.d.ts`))
    if (suffix === undefined) throw new Error(`${file}: no declaration for '${value}'`)
    imports.push(`${base}${suffix}.d.ts`)
    const path = suffix === '/index' ? value.replace(/\/$/, '') : value
    named = `${named.slice(0, start)}'${path}${suffix}.js'${named.slice(end)}`
  }
  return { text: named, imports }
}
