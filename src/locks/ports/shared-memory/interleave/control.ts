/**
 * The scheduler's own memory, apart from the memory under test. Only the thread whose turn it is
 * writes here, and turns pass through `Atomics`, so everything else is plain reads and writes.
 *
 * | area | what it holds |
 * | --- | --- |
 * | head | one word for each field of `field` |
 * | threads | `threadField` for each thread |
 * | waiters | who waits, in the order in which they began: see `Waiters` |
 * | prefix | the decisions that this run must take first |
 * | decisions | `decisionField` for each decision that this run took |
 * | notes | `noteField` for each thing a program said about its locks |
 * | operations | `operationField` for each operation, when somebody wants to read them |
 * | text | the message of an error that a program threw |
 */

export const limits = {
  threads: 4,
  waiters: 32,
  decisions: 1 << 14,
  notes: 1 << 11,
  operations: 1 << 15,
  text: 2048,
} as const

/** The words of the head. */
export const field = {
  /** How many threads have left this run: the explorer waits for it. */
  left: 0,
  threads: 1,
  /** Decisions taken so far. A point with one way on is none. */
  decisions: 2,
  prefix: 3,
  /** 0: go on with the same thread where it can; else the state of the random numbers. */
  random: 4,
  preemptions: 5,
  kills: 6,
  timeouts: 7,
  /** Which threads may be killed, a bit each. */
  mortal: 8,
  outcome: 9,
  /** The run is over: every thread leaves it at its next operation. */
  over: 10,
  /** Virtual milliseconds. */
  clock: 11,
  /** What the memory under test has become, against how it began. */
  memoryLow: 12,
  memoryHigh: 13,
  /** What the programs said so far, name by name. */
  notedLow: 14,
  notedHigh: 15,
  notes: 16,
  /** How many operations and other turns there were. */
  turns: 17,
  /** Whether the operations are recorded, and how many were. */
  recording: 18,
  recorded: 19,
  waiters: 20,
  /** How often time had to pass because nothing else could run. */
  forced: 21,
  text: 22,
  /** Which of the cases runs. */
  case: 23,
  /** Whether a run ends where the state is known. */
  pruning: 24,
  /** Whether threads meet, before which nothing is looked at; and how many have come. */
  meets: 25,
  met: 26,
  size: 27,
} as const

export const threadField = {
  /** The thread sleeps on this word: 1 is its turn. */
  turn: 0,
  status: 1,
  /** What it has done and seen, as two hashes: a thread that saw the same is in the same state. */
  pastLow: 2,
  pastHigh: 3,
  /** Its program has ended; its event loop may go on. */
  finished: 4,
  /** It has said farewell. */
  gone: 5,
  /** Whose death it watches for, and whose it was told, a bit each. */
  watches: 6,
  told: 7,
  /** The last one: the explorer counts it up to start the thread's next run. All else is new then. */
  run: 8,
  size: 9,
} as const

export const status = {
  /** Before an operation: it can go on. */
  ready: 0,
  /** In a blocking wait. */
  blocked: 1,
  /** Its event loop has nothing to do. */
  parked: 2,
  /** Waits for the other threads to get as far. */
  meeting: 3,
  dead: 4,
} as const

export const decisionField = {
  action: 0,
  /** What was possible: a bit for the number of each action. */
  possible: 1,
  /** The thread that could have gone on; -1: none. */
  current: 2,
  preemptions: 3,
  size: 4,
} as const

export const noteField = { thread: 0, kind: 1, name: 2, request: 3, detail: 4, size: 5 } as const

export const operationField = {
  thread: 0,
  operation: 1,
  index: 2,
  value: 3,
  result: 4,
  decision: 5,
  size: 6,
} as const

/** How a run ended. */
export const outcomes = [
  'running',
  'finished',
  'deadlock',
  'lost wake-up',
  'endless',
  'known',
  'error',
  'another way',
] as const
export type Outcome = (typeof outcomes)[number]

export function outcomeNumber(outcome: Outcome): number {
  return outcomes.indexOf(outcome)
}

const threads = field.size
const waiters = threads + limits.threads * threadField.size
const waiterSize = 8
const prefix = waiters + limits.waiters * waiterSize
const decisions = prefix + limits.decisions
const notes = decisions + limits.decisions * decisionField.size
const operations = notes + limits.notes * noteField.size
const text = operations + limits.operations * operationField.size

export const area = { threads, waiters, waiterSize, prefix, decisions, notes, operations, text }

const words = text + limits.text

export function createControl(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(words * 4))
}

/** Where a thread's field stands. */
export function ofThread(thread: number, name: Exclude<keyof typeof threadField, 'size'>): number {
  return threads + thread * threadField.size + threadField[name]
}

/** A word of the control memory or of the arrays in it. Nothing there is ever missing. */
export function at(words: Int32Array, index: number): number {
  return words[index] ?? 0
}
