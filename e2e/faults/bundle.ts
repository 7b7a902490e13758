/**
 * A worker of the suite as one script. It starts hundreds of them, and each would otherwise ask the
 * server for dozens of modules.
 */

import { resolve } from 'node:path'
import { build } from 'vite'

export async function bundledWorker(name: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'es2023',
      rolldownOptions: {
        input: resolve(import.meta.dirname, `../pages/${name}.ts`),
        output: { format: 'es', codeSplitting: false },
      },
    },
  })
  const outputs = [built].flat().flatMap((each) => ('output' in each ? each.output : []))
  const [chunk, ...more] = outputs
  if (chunk?.type !== 'chunk' || more.length > 0) throw new Error('the worker is not one script')
  return chunk.code
}
