/**
 * `npm run test:engines`: what every port promises, asked of three engines and of Node. Prints a
 * matrix of passed and total by port and place, and fails if anything failed or was missing.
 *
 *     npm run test:engines
 *     npm run test:engines -- --only Firefox,Node
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { textOf } from '../e2e/conformance/check'
import { engineNames, findEngines, type Taken } from './engines/find-engines'
import { type Cell, failures, matrix, tallyOf } from './engines/matrix'
import { runEngine } from './engines/run-engine'
import { bundleSuite, findNodes, runNode } from './engines/run-node'
import { freePort } from './free-port'
import { thisMachine } from './machine'
import { servePages } from './test-pages'
import { root } from './tool'

const { values } = parseArgs({ options: { only: { type: 'string' } } })
const places = [...engineNames, 'Node'] as const
type Place = (typeof places)[number]

const chosen = placesToRun()
const start = performance.now()
const say = (line: string) => {
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  console.log(`${seconds.padStart(4)} s  ${line}`)
}

const server = await servePages('conformance-pages', await freePort())
const director = `${server.url}/conformance.html`
const taken = await findEngines(
  { ...thisMachine, say },
  engineNames.filter((name) => chosen.includes(name)),
)
for (const each of taken) {
  say('missing' in each ? `MISSING: ${each.name}. ${each.missing}` : `${each.name}: ${each.origin}`)
}
const [inNodes, ...inEngines] = await Promise.all([runNodes(), ...taken.map(runTaken)])
await server.close()
const cells = [...inEngines.flat(), ...inNodes]

for (const line of failures(cells)) console.log(line)
console.log()
for (const line of matrix(cells)) console.log(line)
const tally = tallyOf(cells)
const report = join(root, 'node_modules/.cache/latchkey/engines.json')
mkdirSync(dirname(report), { recursive: true })
writeFileSync(report, JSON.stringify({ tally, cells }))
console.log(`\n${tally.passed} passed, ${tally.failed} failed`)
process.exitCode = tally.failed > 0 ? 1 : 0

/**
 * An engine that is missing, or that does not start, is a failure: nobody knows what it would do. One
 * that this system cannot have has no column in the matrix, and no case of it passes.
 */
async function runTaken(each: Taken): Promise<readonly Cell[]> {
  const { name } = each
  const failed = (title: string, error: string): readonly Cell[] => [
    { place: name, port: 'the engine', outcomes: [{ group: 'the engine', title, error }] },
  ]
  if ('missing' in each) return each.available ? failed('is there', each.missing) : []
  try {
    return await runEngine(name, each.engine, director, say)
  } catch (error) {
    return failed('starts', textOf(error))
  }
}

async function runNodes(): Promise<readonly Cell[]> {
  const ran: Cell[] = []
  if (!chosen.includes('Node')) return ran
  const suite = await bundleSuite()
  for (const node of await findNodes(say)) {
    if (typeof node === 'string') {
      say(`MISSING: ${node}`)
      const outcome = { group: 'Node', title: 'is there', error: node }
      ran.push({ place: 'Node with navigator.locks', port: 'Node', outcomes: [outcome] })
    } else {
      say(`Node ${node.version}: ${node.origin} (${node.path})`)
      const of = await runNode(node, suite)
      ran.push(...of)
      for (const cell of of) {
        const { passed, failed } = tallyOf([cell])
        say(`${cell.place}: ${cell.port}: ${passed}/${passed + failed}`)
      }
    }
  }
  return ran
}

function placesToRun(): readonly Place[] {
  const only = values.only?.split(',') ?? places
  for (const name of only) {
    if (!places.some((known) => known === name)) {
      console.error(`nothing is called ${name}: there are ${places.join(', ')}`)
      process.exit(2)
    }
  }
  return places.filter((name) => only.includes(name))
}
