/**
 * Plays recorded runs of Go's `sync.RWMutex` on the library's RWLock, one action at a time, and
 * says where the two differ: who holds, who waits, what a try answers, after each action.
 */

import { type GoRun, type GoStep, goRuns } from '../../src/fixtures/go-rwmutex'
import type { Fairness } from '../../src/locks/index'
import { type OracleCommand, type OracleState, obey } from './oracle-agent'

export interface OracleTask {
  /** This page alone, or so many workers with the goroutines dealt out to them in turn. */
  readonly workers: number
  readonly fair: Fairness
  readonly runs: readonly number[]
}

export interface OracleResult {
  readonly runs: number
  readonly steps: number
  /** The first difference of each run that has one. */
  readonly differences: readonly string[]
}

type Agent = (command: OracleCommand) => Promise<OracleState>

/** Longer than the default budget of a cohort (5 ms), by the coarse clock that it uses. */
const budgetSpent = 7

globalThis.playRuns = async ({ workers, fair, runs }) => {
  const started = await Promise.all(Array.from({ length: workers }, startWorker))
  const agents: readonly Agent[] = workers === 0 ? [obey] : started.map(({ agent }) => agent)
  const differences: string[] = []
  let steps = 0
  for (const id of runs) {
    const run = goRuns[id]
    if (run === undefined) throw new RangeError(`no run ${id}`)
    const difference = await play(run, agents, fair)
    if (difference !== undefined) differences.push(difference)
    steps += run.steps.length
  }
  for (const { worker } of started) worker.terminate()
  return { runs: runs.length, steps, differences }
}

async function play(
  run: GoRun,
  all: readonly Agent[],
  fair: Fairness,
): Promise<string | undefined> {
  const agents = all.slice(0, run.goroutines)
  // Between agents the default lets a reader in beside the readers of its own agent while the
  // budget lasts, even if a writer of another agent waits. Only a goroutine that reads twice can
  // do that here, so these runs are played with the budget spent before each action.
  const patient = run.nested === true && fair === 'bounded' && agents.length > 1
  const lock = `go run ${run.id}`
  const waiting = new Set<number>()
  let difference: string | undefined
  for (const [index, step] of run.steps.entries()) {
    const { g, op } = step
    const acting = agents[g % agents.length] as Agent
    const acted = Date.now()
    const first = await acting({ type: 'act', lock, fair, g, op })
    let states = await settle(agents, first)
    while (patient && Date.now() - acted < budgetSpent) states = await settle(agents, first)
    if (step.blocks) waiting.add(g)
    for (const granted of step.granted ?? []) waiting.delete(granted)
    difference = compare(step, waiting, states, states[g % agents.length]?.tried)
    if (difference !== undefined) {
      difference = `run ${run.id}, step ${index + 1} (${g} ${op}): ${difference}`
      break
    }
  }
  await settle(agents, ...(await Promise.all(agents.map((agent) => agent({ type: 'clear' })))))
  const { held = [], pending = [] } = await navigator.locks.query()
  const left = [...held, ...pending].map(({ name, mode }) => `${mode} ${name}`)
  if (left.length > 0) difference ??= `run ${run.id} left behind: ${left.join(', ')}`
  return difference
}

/**
 * Resolves when nothing moves any more in any agent or between them, without a clock.
 *
 * In a round each agent asks `navigator.locks.query()` and reports how much it has had to do with
 * the lock manager so far. An agent and the lock manager in the browser talk over one ordered
 * pipe, so the answer to a query (1) is given after all that the agent sent before was dealt with,
 * and (2) arrives after every grant that the manager sent to this agent before.
 *
 * Two rounds in a row without a move are enough, and one is not. Let no agent have moved since the
 * first of three reports. All that anybody had sent was sent before the second round, so by its
 * end the manager has dealt with it (1), and the grants that follow from it are on their way. They
 * arrive before the end of the third round (2), and would show there as moves. None did: the
 * manager owes nothing, and no agent has anything left to send, for it sends only when it is
 * acted on, when it hears from the manager, or in the turn of its event loop that it posts to
 * itself (`busy` until then). What follows inside an agent are microtasks, which have all run
 * when the agent takes the next message.
 */
async function settle(
  agents: readonly Agent[],
  ...before: readonly OracleState[]
): Promise<readonly OracleState[]> {
  const sum = (states: readonly OracleState[]) => states.reduce((n, { moves }) => n + moves, 0)
  let moves = before.length === agents.length ? sum(before) : Number.NaN
  for (let quiet = 0; ; ) {
    const states = await Promise.all(agents.map((agent) => agent({ type: 'round' })))
    const now = sum(states)
    quiet = now === moves && !states.some(({ busy }) => busy) ? quiet + 1 : 0
    if (quiet === 2) return states
    moves = now
  }
}

function compare(
  step: GoStep,
  waiting: ReadonlySet<number>,
  states: readonly OracleState[],
  tried: boolean | undefined,
): string | undefined {
  const ascending = (list: readonly number[]) => [...list].sort((a, b) => a - b).join(' ')
  const seen = (what: 'readers' | 'writers' | 'waiting') =>
    ascending(states.flatMap((state) => state[what]))
  const pairs = [
    ['readers', ascending(step.readers ?? []), seen('readers')],
    ['writer', ascending(step.writer === undefined ? [] : [step.writer]), seen('writers')],
    ['waiting', ascending([...waiting]), seen('waiting')],
    ['the try', String(step.ok), step.ok === undefined ? 'undefined' : String(tried)],
    ['failures', '', states.flatMap(({ failure = [] }) => failure).join('; ')],
  ] as const
  for (const [what, go, ours] of pairs) {
    if (go !== ours) return `${what}: Go has [${go}], Latchkey has [${ours}]`
  }
  return undefined
}

async function startWorker(): Promise<{ worker: Worker; agent: Agent }> {
  const worker = new Worker(new URL('./oracle-worker.ts', import.meta.url), { type: 'module' })
  const answer = () =>
    new Promise<MessageEvent>((resolve, reject) => {
      worker.onmessage = resolve
      worker.onerror = ({ message }) => reject(new Error(message))
    })
  await answer()
  const agent = async (command: OracleCommand): Promise<OracleState> => {
    const answered = answer()
    worker.postMessage(command)
    return (await answered).data
  }
  return { worker, agent }
}

declare global {
  var playRuns: (task: OracleTask) => Promise<OracleResult>
}
