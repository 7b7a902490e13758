/**
 * Where the bytes of the library come from: each source file of `latchkey`, minified alone, largest
 * first. Names that files share are not shortened here, so the sum is a little more than what
 * `npm run size` measures; what matters is the order.
 */
import { relative, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, minify } from 'vite'
import { entries } from './entries'
import { root } from './tool'

const wanted = process.argv[2] ?? 'latchkey'
const entry = entries.find(({ specifier }) => specifier === wanted)
if (!entry) {
  console.error(`no ${wanted}: there are ${entries.map(({ specifier }) => specifier).join(', ')}`)
  process.exit(1)
}

const built = await build({
  root,
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  build: {
    write: false,
    minify: false,
    target: 'es2022',
    rolldownOptions: { input: resolve(root, entry.source), preserveEntrySignatures: 'strict' },
  },
})
const chunks = [built]
  .flat()
  .flatMap((part) => ('output' in part ? part.output : []))
  .flatMap((part) => (part.type === 'chunk' ? [part] : []))

const weights: { file: string; min: number; gzip: number }[] = []
for (const [id, { code }] of chunks.flatMap(({ modules }) => Object.entries(modules))) {
  const min = (await minify(id, code ?? '', { module: false })).code
  const file = relative(root, id)
  weights.push({ file, min: Buffer.byteLength(min), gzip: gzipSync(min, { level: 9 }).length })
}
weights.sort((a, b) => b.min - a.min)
console.log('     min  min+gzip')
for (const { file, min, gzip } of weights) {
  console.log(`${String(min).padStart(8)}  ${String(gzip).padStart(8)}  ${file}`)
}
