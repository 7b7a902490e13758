/**
 * A workload as the text of a test: code to take away that does the same with the library alone. Its plan is
 * drawn as `planOf` draws it, so that it does the very same actions; its workers and tabs are tasks of
 * one realm there, for a test file has no others.
 */

import { runnersOf, type Spread, type Workload, type WorkloadLock } from './workload'
import { assertWorkload, longestRun } from './workload-limits'
import { loadsOf } from './workload-plan'

/**
 * JavaScript for Vitest, and with another import for any runner that has `test` and `expect` as it does.
 *
 * @throws RangeError for a workload beyond the limits
 */
export function workloadAsTest(workload: Workload): string {
  assertWorkload(workload)
  const { title, workers, tabs, tasks, lock, seed, keys, hot, reads } = workload
  const name = title === '' ? 'workload' : title
  return `${imports(lock)}
// ${name}: ${who(workers, tabs, tasks)}, all of them tasks of this realm here.

const keys = ${keys}
const hot = ${hot}
const reads = ${reads}
const runners = ${runnersOf(workload)}
${spread('readHold', workload.readHold)}
${spread('writeHold', workload.writeHold)}
${spread('think', workload.think)}
${amount(workload)}

// What a runner does follows from the seed alone, whatever the lock.
function* plan(runner) {
  const random = seeded(streamSeed(${seed}, runner))
  for (let done = 0; done < actions(runner); done++) {
    const key = keyAt(random())
    const mode = random() < reads ? 'read' : 'write'
    const idle = think(random())
    yield { key, mode, think: idle, hold: (mode === 'read' ? readHold : writeHold)(random()) }
  }
}

function keyAt(at) {
  return at < hot ? 0 : Math.min(keys - 1, Math.floor(((at - hot) / (1 - hot)) * keys))
}

${randomness}

const pause = (ms) => (ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined)

test(${JSON.stringify(name)}, async () => {
${openLock(lock)}
  const counters = Array.from({ length: keys }, () => 0)
  let [done, writes] = [0, 0]

  // Reads, works and writes, as careless code does: without exclusion updates get lost.
  const section = async ({ key, mode, hold }) => {
    const seen = counters[key]
    await pause(hold)
    done++
    if (mode === 'read') return
    counters[key] = seen + 1
    writes++
  }

  ${workload.end.kind === 'time' ? `const end = performance.now() + ${workload.end.ms}\n  ` : ''}const run = async (_, runner) => {
    for (const action of plan(runner)) {
      await pause(action.think)
${workload.end.kind === 'time' ? '      if (performance.now() >= end) return\n' : ''}      await under(action, () => section(action))
      // Lets timers come through where nothing takes time.
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
  }
  await Promise.all(Array.from({ length: runners }, run))
  ${proof(workload)}
${overlaps(lock)}  expect(counters.reduce((sum, count) => sum + count, 0)).toBe(writes)
}, ${allowance(workload)})
`
}

function imports({ kind }: WorkloadLock): string {
  const first =
    kind === 'async-mutex'
      ? "import { Mutex } from 'async-mutex'\n"
      : kind === 'none' || kind === 'navigator-locks'
        ? ''
        : "import { createLocks } from 'latchkey'\n"
  return `${first}import { expect, test } from 'vitest'\n`
}

function who(workers: number, tabs: number, tasks: number): string {
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`
  const others = tabs === 0 ? '' : ` and ${count(tabs, 'tab')}`
  return `${count(workers, 'worker')}${others} with ${count(tasks, 'task')} each`
}

function spread(name: string, of: Spread): string {
  switch (of.kind) {
    case 'fixed':
      return `const ${name} = () => ${of.ms}`
    case 'uniform':
      return `const ${name} = (at) => Math.floor(at * ${of.below})`
    case 'exponential':
      return `const ${name} = (at) => (at === 0 ? 0 : -${of.mean} * Math.log1p(-at))`
    case 'bimodal':
      return `const ${name} = (at) => (at < ${of.longShare} ? ${of.long} : ${of.short})`
  }
}

function amount(workload: Workload): string {
  const loads = loadsOf(workload)
  if (loads === undefined) return 'const actions = () => Infinity'
  const perLine = 16
  const lines = Array.from({ length: Math.ceil(loads.length / perLine) }, (_, line) => {
    return `  ${loads.slice(line * perLine, (line + 1) * perLine).join(', ')},`
  })
  return `const loads = [\n${lines.join('\n')}\n]\nconst actions = (runner) => loads[runner]`
}

function overlaps(lock: WorkloadLock): string {
  if (lock.kind === 'none') return '  // There is no lock: this is what fails.\n'
  if (lock.kind !== 'semaphore' || lock.permits === 1) return ''
  return `  // Up to ${lock.permits} sections of a key overlap: this is what fails.\n`
}

function proof({ end }: Workload): string {
  return end.kind === 'time'
    ? 'expect(done).toBeGreaterThan(0)'
    : `expect(done).toBe(${end.actions})`
}

/** Word for word what `random.ts` does; a test holds the two together. */
const randomness = `// Mulberry32 (Tommy Ettinger, public domain).
function seeded(seed) {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function streamSeed(seed, stream) {
  let mixed = Math.imul(seed ^ Math.imul(stream + 1, 0x9e3779b1), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}`

function openLock(lock: WorkloadLock): string {
  switch (lock.kind) {
    case 'mutex':
      return `${locks}
  const mutex = locks.mutex('workload', { fair: '${lock.fair}' })
  const under = (_, section) => mutex.run(section)`
    case 'keyed-mutex':
      return `${locks}
  const mutex = locks.keyedMutex('keyed workload', { fair: '${lock.fair}' })
  const under = ({ key }, section) => mutex.run(key, section)`
    case 'rw-lock':
      return `${locks}
  const options = { policy: '${lock.policy}', fair: '${lock.fair}' }
  const under = ({ key, mode }, section) =>
    locks.rwLock(\`${lock.policy} workload:\${key}\`, options)[mode](section)`
    case 'semaphore':
      return `${locks}
  const under = ({ key }, section) =>
    locks
      .semaphore(\`workload of ${lock.permits}:\${key}\`, ${lock.permits}, { fair: '${lock.fair}' })
      .run(section)`
    case 'navigator-locks':
      return `  const under = ({ key, mode }, section) =>
    navigator.locks.request(
      \`workload:\${key}\`,
      { mode: mode === 'read' ? 'shared' : 'exclusive' },
      section,
    )`
    case 'async-mutex':
      return `  const mutexes = Array.from({ length: keys }, () => new Mutex())
  const under = ({ key }, section) => mutexes[key].runExclusive(section)`
    case 'none':
      return '  const under = (_, section) => section()'
  }
}

const locks = `  // Among tasks; between tabs and workers of a browser it is 'origin'.
  const locks = createLocks({ reach: 'realm' })`

/** ms */
function allowance(workload: Workload): number {
  return Math.ceil(longestRun(workload) * 1.5 + 30_000)
}
