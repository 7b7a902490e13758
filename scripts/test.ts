/**
 * `npm test`: runs the suites one after the other, some side by side, whatever failed before, then says
 * how long each took and, in its very last line, how many tests passed and failed.
 *
 *     npm test                           everything, in minutes
 *     npm test -- --only format,unit     some suites
 *     npm run test:full                  everything, with the longer variants of the tests
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { runChild } from './child'
import { chosen, type Suite, suites } from './suites'
import { lastLine, ofCommand, ofReport, oneFailed, sum, type Tally } from './tally'
import { root } from './tool'

interface Outcome {
  readonly name: string
  readonly tally: Tally
  readonly seconds: number
}

interface Told extends Outcome {
  /** What it said, as far as that was kept or is not yet said. */
  readonly log: string
}

const { values } = parseArgs({
  options: { only: { type: 'string' }, full: { type: 'boolean', default: false } },
})
const env: Record<string, string> = values.full ? { LATCHKEY_FULL: '1' } : {}
/** ms for one command. A hang must end as a failure that names its suite. */
const limit = (values.full ? 120 : 15) * 60_000

const start = performance.now()
const selected = selection()
const outcomes: Outcome[] = []
/** Those that run beside another one, by its name. */
const underWay = new Map<string, Promise<Told>>()
for (const suite of selected) {
  for (const each of selected) {
    if (each.beside === suite.name) underWay.set(each.name, timed(each, true))
  }
  outcomes.push(await outcomeOf(suite))
}
printTable(outcomes)
const total = sum(outcomes.map(({ tally }) => tally))
process.exitCode = total.failed > 0 ? 1 : 0
console.log(lastLine(total))

function selection(): readonly Suite[] {
  try {
    return values.only === undefined ? suites : chosen(suites, values.only.split(','))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    console.error(error.message)
    process.exit(2)
  }
}

async function outcomeOf(suite: Suite): Promise<Outcome> {
  const { name, needs = [] } = suite
  console.log(`\n── ${name} ──`)
  const missing = needs.find((need) =>
    outcomes.some((outcome) => outcome.name === need && outcome.tally.failed > 0),
  )
  if (missing !== undefined) {
    console.log(`Not run: ${missing} failed.`)
    return { name, tally: oneFailed, seconds: 0 }
  }
  const { log, ...outcome } = await (underWay.get(name) ?? timed(suite))
  if (log !== '') console.log(log)
  return outcome
}

/** @param quiet its words are kept to the end */
async function timed(suite: Suite, quiet = false): Promise<Told> {
  const start = performance.now()
  const { tally, log } = await run(suite, quiet)
  return { name: suite.name, tally, log, seconds: (performance.now() - start) / 1000 }
}

async function run({ name, steps, report, env: more }: Suite, quiet: boolean) {
  if (report) {
    // The numbers of an earlier run must not stand in for those of a crash.
    rmSync(report.file, { force: true })
    mkdirSync(dirname(report.file), { recursive: true })
  }
  let succeeded = true
  let log = ''
  for (const step of steps) {
    const ended = await runChild(process.execPath, step, {
      limit,
      quiet,
      cwd: root,
      env: { ...env, ...more },
    })
    log += ended.log
    if (ended.timedOut) log += `${name}: killed after ${limit / 60_000} minutes.\n`
    succeeded &&= ended.code === 0
  }
  const tally = report
    ? ofReport(succeeded, report.read(textOf(report.file)))
    : ofCommand(succeeded)
  return { tally, log }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function printTable(rows: readonly Outcome[]): void {
  const line = (...[name, ...cells]: readonly string[]) =>
    console.log([name?.padEnd(8), ...cells.map((cell) => cell.padStart(8))].join('  '))
  console.log()
  line('suite', 'seconds', 'passed', 'failed', 'skipped')
  for (const { name, tally, seconds } of rows) {
    const { passed, failed, skipped } = tally
    line(name, seconds.toFixed(1), ...[passed, failed, skipped].map(String))
  }
  line('total', ((performance.now() - start) / 1000).toFixed(1))
  console.log()
}
