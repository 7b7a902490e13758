/**
 * The suite in Node: in the one that runs us, and in one that has `navigator.locks` of its own, which
 * end at the process. The latter is this one, where it is new enough; else npm's own cache
 * has it or fetches it (45 MB, once a machine): no dependency, for it is a program for one platform
 * only, which `npm ci` would refuse on any other.
 */

import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import type { NodeReport } from '../../e2e/conformance/node'
import { runChild } from '../child'
import { root } from '../tool'
import type { Cell } from './matrix'

/** The newest with long-term support. */
const newNode = '24.21.0'
/** ms for npm to fetch it. */
const fetchLimit = 180_000
/** ms for all ports in one Node. */
const runLimit = 240_000

const folder = join(root, 'node_modules/.cache/latchkey/conformance')

export interface NodeProgram {
  readonly path: string
  readonly version: string
  readonly webLocks: boolean
  readonly origin: string
}

/** This one, and one with `navigator.locks`; the text says why there is none. */
export async function findNodes(
  say: (line: string) => void,
): Promise<readonly (NodeProgram | string)[]> {
  const here = await nodeAt(process.execPath, 'this one')
  if (here === undefined) throw new Error('this very Node does not answer')
  if (here.webLocks) return [here]
  say(`Fetching Node ${newNode}, which has navigator.locks, unless npm has it already.`)
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const args = ['exec', '--yes', `--package=${name}@${newNode}`, '-c', 'node -p process.execPath']
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { output, log } = await runChild(npm, args, { limit: fetchLimit, quiet: true, cwd: folder })
  const path = output.trim().split('\n').at(-1) ?? ''
  const found = await nodeAt(path, `npm's ${name}`)
  if (found?.webLocks) return [here, found]
  return [here, `No Node with navigator.locks: npm gave no ${name}@${newNode}. ${log.slice(-300)}`]
}

async function nodeAt(path: string, origin: string): Promise<NodeProgram | undefined> {
  const ask = 'JSON.stringify([process.versions.node, globalThis.navigator?.locks !== undefined])'
  const { code, output } = await runChild(path, ['-p', ask], { limit: 20_000, quiet: true })
  if (code !== 0) return undefined
  const [version, webLocks] = JSON.parse(output) as [string, boolean]
  return { path, version, webLocks, origin }
}

/** One module, so that either Node starts a thread in milliseconds. */
export async function bundleSuite(): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(root, 'e2e/conformance/node.ts'),
      outDir: folder,
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'suite.mjs' } },
    },
  })
  return join(folder, 'suite.mjs')
}

export async function runNode(
  { path, version, webLocks }: NodeProgram,
  suite: string,
): Promise<readonly Cell[]> {
  const place = `Node ${version}`
  const file = join(folder, `report-${version}.json`)
  rmSync(file, { force: true })
  const options = { limit: runLimit, quiet: true, cwd: root }
  const { code, timedOut, log } = await runChild(path, [suite, file], options)
  if (code !== 0) {
    const error = `${timedOut ? `no end after ${runLimit} ms` : `exit code ${code}`}: ${log}`
    return [{ place, port: 'all', outcomes: [{ group: 'all', title: 'the whole run', error }] }]
  }
  const report = JSON.parse(readFileSync(file, 'utf8')) as NodeReport
  if (report.webLocks !== webLocks) throw new Error(`${path} is not what it was`)
  return report.reports.map(({ port, outcomes }) => ({ place, port, outcomes }))
}
