import { describe, expect, it } from 'vitest'
import { house, wrongArrows } from './arrows'

const imports = (file: string, specifier: string) => wrongArrows(file, `import '${specifier}'\n`)

const layers = Object.keys(house)
/** The arrows of DESIGN, written out a second time, so that a slip in the table shows. */
const down: Readonly<Record<string, readonly string[]>> = {
  app: ['perform', 'simulate', 'scenario', 'observe', 'locks', 'react', 'inspector', 'atomics'],
  perform: ['scenario', 'observe', 'locks'],
  simulate: ['scenario', 'observe', 'locks'],
  scenario: ['observe', 'locks'],
  observe: ['locks'],
  atomics: ['locks'],
  inspector: ['observe', 'locks'],
  react: ['locks'],
  locks: [],
  fixtures: [],
}

describe.each(layers)('%s', (from) => {
  it.each(layers.filter((to) => to !== from))('→ %s', (to) => {
    const found = imports(`src/${from}/deep/file.ts`, `../../${to}`)
    expect(found.map(({ line }) => line)).toEqual(down[from]?.includes(to) ? [] : [1])
  })

  it('imports its own files', () => {
    expect(imports(`src/${from}/file.ts`, './perform/other')).toEqual([])
    expect(imports(`src/${from}/deep/file.ts`, '..')).toEqual([])
  })

  it.each(['e2e', 'bench', 'scripts'])('imports nothing from %s', (folder) => {
    expect(imports(`src/${from}/file.ts`, `../../${folder}/file`)).toHaveLength(1)
  })
})

describe('packages', () => {
  it.each([
    ['locks', 'react'],
    ['locks', 'node:events'],
    ['locks', 'fs'],
    ['locks', 'lz-string'],
    ['observe', 'd3'],
    ['scenario', 'react'],
    ['scenario', 'lz-string'],
    ['simulate', 'react-dom/client'],
    ['simulate', 'zustand'],
    ['perform', 'd3-scale'],
    ['react', 'react-dom'],
    ['atomics', '@types/node'],
  ])('%s imports no %s', (layer, name) => {
    expect(imports(`src/${layer}/file.ts`, name)).toHaveLength(1)
  })

  it('are free in the app, and React in the hooks', () => {
    expect(imports('src/app/file.tsx', '@codemirror/view')).toEqual([])
    expect(imports('src/react/file.ts', 'react')).toEqual([])
  })
})

describe('tests', () => {
  const test = 'src/locks/mutex.test.ts'

  it.each(['vitest', 'fast-check', 'node:fs', 'happy-dom', '../fixtures/x.json', './mutex'])(
    'may import %s',
    (specifier) => expect(imports(test, specifier)).toEqual([]),
  )

  it('may have what they share in a folder `testing`', () => {
    expect(imports('src/locks/testing/test-ports.ts', 'fake-indexeddb')).toEqual([])
    expect(imports('src/locks/testing/test-ports.ts', 'react')).toHaveLength(1)
  })

  it.each(['../scenario', 'react', '../../e2e/x'])('may not import %s', (specifier) =>
    expect(imports(test, specifier)).toHaveLength(1),
  )

  it('alone may import fixtures and test tools', () => {
    expect(imports('src/locks/mutex.ts', '../fixtures/x')).toHaveLength(1)
    expect(imports('src/app/page.tsx', '../fixtures/x')).toHaveLength(1)
    expect(imports('src/locks/mutex.ts', 'vitest')).toHaveLength(1)
  })
})

describe('every way to import', () => {
  it.each([
    ["import type { A } from '../scenario'"],
    ["import { a } from\n'../scenario'"],
    ["export * from '../scenario'"],
    ["export { a } from '../scenario'"],
    ["type A = import('../scenario').A"],
    ["const a = import('../scenario')"],
    ["import a = require('../scenario')"],
    ["new Worker(new URL('../scenario/worker.ts', import.meta.url), { type: 'module' })"],
    ["import text from '../scenario/list.ts?raw'"],
    ["const all = import.meta.glob(['./a', '../scenario/*.ts'])"],
    ["import '/src/scenario'"],
    ['const a = import(name)'],
  ])('%s', (text) => expect(wrongArrows('src/locks/file.ts', text)).toHaveLength(1))

  it('but not words in strings and comments', () => {
    const text = `// import '../scenario'\nexport const a = "import '../scenario'"\n`
    expect(wrongArrows('src/locks/file.ts', text)).toEqual([])
  })

  it('names file, line and arrow', () => {
    expect(wrongArrows('src/locks/file.ts', "\n\nimport '../app'\n")).toEqual([
      {
        file: 'src/locks/file.ts',
        line: 3,
        why: "locks → app ('../app'); locks may import none",
      },
    ])
  })
})

it('a file outside every layer is wrong', () => {
  expect(wrongArrows('src/loose.ts', '')).toHaveLength(1)
  expect(wrongArrows('src/helpers/file.ts', '')).toHaveLength(1)
})
