/**
 * Arrows only point down: which folder of `src` may import which, and which packages. Run as a
 * program it checks all of `src` and fails on the first wrong arrow of any file.
 *
 * Biome's `noRestrictedImports` was ruled out: it matches the text of a specifier, and from
 * `'./perform/strip'` alone nobody can tell a folder of the app from the layer of that name. It
 * sees neither worker URLs nor type imports.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { posix, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { specifiers } from './specifiers'

interface Layer {
  readonly layers: readonly string[]
  readonly packages: readonly string[] | 'any'
}

const belowApp = ['scenario', 'observe', 'locks']

export const house: Readonly<Record<string, Layer>> = {
  locks: { layers: [], packages: [] },
  atomics: { layers: ['locks'], packages: [] },
  observe: { layers: ['locks'], packages: [] },
  inspector: { layers: ['observe', 'locks'], packages: [] },
  react: { layers: ['locks'], packages: ['react'] },
  scenario: { layers: ['observe', 'locks'], packages: [] },
  simulate: { layers: belowApp, packages: [] },
  perform: { layers: belowApp, packages: ['async-mutex'] },
  app: {
    layers: ['perform', 'simulate', 'react', 'inspector', 'atomics', ...belowApp],
    packages: 'any',
  },
  fixtures: { layers: [], packages: [] },
}

/** What a test may use on top of its layer. */
const forTests: Layer = {
  layers: ['fixtures'],
  packages: [
    ...['vitest', 'fast-check', 'fake-indexeddb', 'happy-dom', 'node', 'vite'],
    'react-dom',
    // What recordings, their exports and workloads are checked against.
    ...['async-mutex', 'hdr-histogram-js', 'pprof-format'],
    ...['@opentelemetry/api', '@opentelemetry/sdk-metrics'],
  ],
}

export interface WrongArrow {
  readonly file: string
  readonly line: number
  readonly why: string
}

/** `file` is a path from the root of the repository, with slashes. */
export function wrongArrows(file: string, text: string): readonly WrongArrow[] {
  const from = layerOf(file)
  const layer = from === undefined ? undefined : house[from]
  if (from === undefined || !layer) {
    return [{ file, line: 1, why: `belongs to no layer: ${Object.keys(house).join(', ')}` }]
  }
  const test = /\.test\.tsx?$|\/testing\//.test(file)
  const layers = [from, ...layer.layers, ...(test ? forTests.layers : [])]
  const packages =
    layer.packages === 'any' || forTests.packages === 'any'
      ? 'any'
      : [...layer.packages, ...(test ? forTests.packages : [])]

  return specifiers(file, text).flatMap(({ value, line }) => {
    const wrong = (why: string): WrongArrow[] => [{ file, line, why }]
    if (value === undefined) return wrong('a computed specifier can not be checked')
    const path = pathOf(file, value)
    if (path !== undefined) {
      const to = layerOf(path)
      if (to === undefined) return wrong(`'${value}' is outside src`)
      if (layers.includes(to)) return []
      return wrong(`${from} → ${to} ('${value}'); ${from} may import ${list(layer.layers)}`)
    }
    if (packages === 'any' || packages.includes(packageOf(value))) return []
    return wrong(`${from} → package '${value}'; ${from} may import ${list(layer.packages)}`)
  })
}

function list(names: readonly string[] | 'any'): string {
  return names === 'any' ? 'any' : names.join(', ') || 'none'
}

/** The repository path a specifier leads to; `undefined` for a package. */
function pathOf(file: string, specifier: string): string | undefined {
  const path = specifier.replace(/\?.*$/, '')
  if (path.startsWith('.')) return posix.join(posix.dirname(file), path)
  return path.startsWith('/') ? path.slice(1) : undefined
}

function layerOf(path: string): string | undefined {
  const [top, layer] = path.split('/')
  return top === 'src' ? layer : undefined
}

/** `@scope/name/deep` → `@scope/name`; every built-in module of Node is `node`. */
function packageOf(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/')
  if (first.startsWith('node:') || builtinModules.includes(first)) return 'node'
  return first.startsWith('@') ? `${first}/${second}` : first
}

function check(root: string): readonly WrongArrow[] {
  return readdirSync(resolve(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `src/${name.replaceAll('\\', '/')}`)
    .sort()
    .flatMap((file) => wrongArrows(file, readFileSync(resolve(root, file), 'utf8')))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wrong = check(resolve(import.meta.dirname, '..'))
  for (const { file, line, why } of wrong) console.log(`${file}:${line}  ${why}`)
  console.log(wrong.length === 0 ? 'Arrows point down.' : `${wrong.length} wrong arrows.`)
  process.exitCode = wrong.length === 0 ? 0 : 1
}
