/** What a step did, who waits for whom, and how it ended, as sentences: pure. */

import { type Program, printStatement } from '../../scenario'
import type { Description, HoldMode, ThreadDescription, WaitEdge } from '../../simulate'

/** “A”, “A and B”, “A, B and C” */
export function listOf(names: readonly string[]): string {
  if (names.length < 2) return names.join()
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

const nameOf = ({ threads }: Description, thread: number) => threads[thread]?.name ?? '?'

const waitFor = (mode: HoldMode, lock: string) =>
  mode === 'mutex' ? `waits for ${lock}` : `waits to ${mode} ${lock}`

/** Why a wait has to last, as the end of a sentence: “which A holds”. */
function reasonOf(frame: Description, thread: number, edges: readonly WaitEdge[]): string {
  const others = edges.filter((edge) => edge.for !== thread)
  if (others.length < edges.length) return 'which it holds itself'
  const names = listOf(others.map((edge) => nameOf(frame, edge.for)))
  const [first] = others
  if (first?.because === 'holds') return `which ${names} ${others.length === 1 ? 'holds' : 'hold'}`
  return `behind ${names}, who waits for it already`
}

/** What each thread holds and waits for, the cycle last. */
export interface GraphLine {
  readonly text: string
  readonly inCycle: boolean
}

export function graphLines(frame: Description): readonly GraphLine[] {
  const { threads, locks, edges, cycle } = frame
  const lines = threads.flatMap(({ name, status }, thread): readonly GraphLine[] => {
    const held = heldBy(locks, thread)
    const own = edges.filter((edge) => edge.thread === thread)
    const wait =
      status.kind === 'waiting' &&
      `${waitFor(status.mode, status.lock)}, ${reasonOf(frame, thread, own)}`
    const deeds = [held, wait].filter(Boolean)
    if (deeds.length === 0) return []
    const gone = status.kind === 'waiting' || status.kind === 'ready' ? '' : ', though it has ended'
    const inCycle = cycle?.edges.some((edge) => edge.thread === thread) ?? false
    return [{ text: `${name} ${deeds.join(' and ')}${gone}.`, inCycle }]
  })
  const closing = closingWords(frame)
  return [...lines, ...(closing ? [{ text: closing, inCycle: true }] : [])]
}

/** “holds a and b”, “reads r” */
function heldBy(locks: Description['locks'], thread: number): string | undefined {
  const of = (mode: HoldMode) =>
    locks.flatMap(({ name, holders }) =>
      holders.some((each) => each.thread === thread && each.mode === mode) ? [name] : [],
    )
  const parts = (['mutex', 'read', 'write'] as const).flatMap((mode) => {
    const names = of(mode)
    return names.length === 0 ? [] : [`${mode === 'mutex' ? 'hold' : mode}s ${listOf(names)}`]
  })
  return parts.length === 0 ? undefined : parts.join(', ')
}

/** Which wait closed the cycle, and who is on it; `undefined` while there is none. */
export function closingWords(frame: Description): string | undefined {
  const { cycle } = frame
  const closing = cycle?.edges[cycle.closedBy]
  if (!cycle || !closing) return undefined
  const who = nameOf(frame, closing.thread)
  if (cycle.edges.length === 1) return `Deadlock: ${who} waits for itself.`
  const ring = [...cycle.edges.map((edge) => nameOf(frame, edge.thread))]
  const [first = ''] = ring
  return `Deadlock: ${who}’s wait for ${closing.lock} closed the cycle ${[...ring, first].join(' → ')}.`
}

/** What the step from `before` to `after` did. */
export function stepWords(
  program: Program,
  before: Description,
  after: Description,
  thread: number,
): string {
  const was = before.threads[thread]
  const now = after.threads[thread]
  if (!was || !now) return ''
  const granted = after.threads
    .filter(
      ({ status }, other) =>
        other !== thread &&
        before.threads[other]?.status.kind === 'waiting' &&
        status.kind !== 'waiting',
    )
    .map(({ name }) => name)
  const closed = !before.cycle && after.cycle ? closingWords(after) : undefined
  return [
    deedOf(program, was, now, after, thread),
    granted.length > 0 && `${listOf(granted)}, who waited, can go on.`,
    closed,
  ]
    .filter(Boolean)
    .join(' ')
}

function deedOf(
  program: Program,
  was: ThreadDescription,
  now: ThreadDescription,
  after: Description,
  thread: number,
): string {
  const { name } = now
  if (now.misuse && !was.misuse) return `${name} ${now.misuse.why}: that is an error, and ends it.`
  if (now.status.kind === 'waiting') {
    const own = after.edges.filter((edge) => edge.thread === thread)
    const asked = now.status.mode === 'mutex' ? 'for' : `to ${now.status.mode}`
    return `${name} asks ${asked} ${now.status.lock}, ${reasonOf(after, thread, own)}, and has to wait.`
  }
  const statement = program.threads[thread]?.statements[was.statement ?? -1]
  if (!statement) return `${name} takes a step.`
  switch (statement.kind) {
    case 'lock':
      return `${name} takes ${statement.lock}.`
    case 'read':
      return `${name} begins to read ${statement.lock}.`
    case 'write':
      return `${name} begins to write ${statement.lock}.`
    case 'all':
      return `${name} takes ${listOf(statement.locks)} together.`
    case 'unlock':
    case 'unread':
    case 'unwrite':
      return `${name} gives ${statement.lock} back.`
    case 'unlock-all':
      return `${name} gives everything back.`
    case 'load': {
      const value = now.locals.find((local) => local.name === statement.local)?.value
      return `${name} reads ${statement.variable}: its ${statement.local} is ${value}.`
    }
    case 'store': {
      const value = after.variables.find((each) => each.name === statement.variable)?.value
      return `${name} writes: ${statement.variable} is now ${value}.`
    }
    case 'defer':
      return was.phase === 'running'
        ? `${name} registers “${printStatement(statement.release)}” for its end.`
        : `At its end ${name} runs “${printStatement(statement.release)}”.`
    case 'throw':
      return `${name} throws: what follows is skipped${was.deferred.length > 0 ? ', what it registered still runs' : ''}.`
    case 'sleep':
      return `${name} sleeps.`
  }
}

export interface Verdict {
  readonly kind: 'good' | 'bad'
  readonly text: string
}

/** How a schedule ends; `undefined` while somebody can still go on. */
export function verdictOf(frames: readonly Description[]): Verdict | undefined {
  const end = frames.at(-1)
  const outcome = end?.outcome
  if (!end || !outcome) return undefined
  const names = (threads: readonly number[]) => listOf(threads.map((each) => nameOf(end, each)))
  const steps = frames.length - 1
  const values = end.variables.map(({ name, value }) => `${name} is ${value}`)
  switch (outcome.kind) {
    case 'deadlock': {
      const at = frames.findIndex(({ cycle }) => cycle)
      const words = closingWords(frames[at] ?? end) ?? ''
      return { kind: 'bad', text: `Step ${at}. ${words}` }
    }
    case 'stuck': {
      const one = outcome.waiting.length === 1
      const locks = [...new Set(end.edges.map((edge) => edge.lock))]
      const text = `Stuck after step ${steps}: ${names(outcome.waiting)} ${one ? 'waits' : 'wait'} for ever for ${listOf(locks)}, which nobody will give back.`
      return { kind: 'bad', text }
    }
    case 'misuse': {
      const at = frames.findIndex(({ threads }) => threads.some(({ misuse }) => misuse))
      const why = outcome.misuses.map(({ thread, why }) => `${nameOf(end, thread)} ${why}`)
      return { kind: 'bad', text: `Misuse at step ${at}: ${listOf(why)}.` }
    }
    case 'lost-update':
      return {
        kind: 'bad',
        text: `An update is lost: at the end ${listOf(values)}, as no order of whole threads would leave it.`,
      }
    case 'done': {
      const threw = outcome.threw.length > 0 ? `; ${names(outcome.threw)} threw` : ''
      const ended = values.length > 0 ? `; ${listOf(values)}` : ''
      return {
        kind: 'good',
        text: `Everybody comes to an end after ${steps} steps${threw}${ended}.`,
      }
    }
  }
}
