/**
 * The published entry points. `exports` of package.json is the only list: a new sub-path is one
 * line there, and its source follows from where its types go
 * (`dist/lib/types/locks/index.d.ts` is made from `src/locks/index.ts`).
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './tool'

export interface Entry {
  /** What a user imports: `latchkey`, `latchkey/lock-manager`. */
  readonly specifier: string
  /** File name in `dist/lib`, without `.js`. */
  readonly name: string
  /** Paths from the root of the repository. */
  readonly source: string
  readonly output: string
  readonly types: string
}

export const library = 'dist/lib'

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>
}

export function entriesOf(manifest: Manifest): readonly Entry[] {
  return Object.entries(manifest.exports).map(([path, targets]) => {
    const source = targets.types.match(/^\.\/dist\/lib\/types\/(.+)\.d\.ts$/)?.[1]
    const name = targets.default.match(/^\.\/dist\/lib\/([^/]+)\.js$/)?.[1]
    if (source === undefined || name === undefined) {
      throw new Error(`package.json: exports["${path}"] is not of the form that entries.ts reads`)
    }
    return {
      specifier: manifest.name + path.slice(1),
      name,
      source: `src/${source}.ts`,
      output: targets.default.slice(2),
      types: targets.types.slice(2),
    }
  })
}

export const entries = entriesOf(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
