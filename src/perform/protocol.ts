/**
 * The wire between the page and the workers of a run: one page, one worker for each thread of
 * the scenario. All times on it are epoch ms of the worker's own clock; the page, which knows
 * how far that clock is off, translates.
 *
 * What arrives is checked. Both ends come from one build, but a page that was open during an
 * upload of a new version may load a worker of that one.
 */

import type { LockEvent, LockEventType, RWPolicy } from '../locks'
import type { Section } from '../scenario'

export type ToWorker =
  /** First of all: whom to play, on which lock. Answered by `ready` or `failed`. */
  | {
      readonly type: 'setup'
      readonly lock: string
      /** Where the lock is; `undefined` where the origin has it. */
      readonly memory: SharedArrayBuffer | undefined
      readonly policy: RWPolicy
      readonly thread: string
      readonly sections: readonly Section[]
      readonly speed: number
    }
  /** Or, first of all: to measure how late the machine is. Answered by `ready` or `failed`. */
  | {
      readonly type: 'keep-time'
      readonly lock: string
      readonly memory: SharedArrayBuffer | undefined
    }
  /** Answered by `pong` at once. */
  | { readonly type: 'ping' }
  /** The scenario's time is 0 at `at`. Answered by `finished` or `failed`, after the events. */
  | { readonly type: 'start'; readonly at: number }
  /** Enough measured. What `start` asked of a timekeeper is answered then. */
  | { readonly type: 'enough' }
  /** Let go of everything. Answered by `stopped`, after which there is nothing to wait for. */
  | { readonly type: 'stop' }

export type FailureCode = 'unsupported' | 'worker-failed' | 'lock-lost'

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'pong'; readonly time: number }
  | { readonly type: 'event'; readonly event: LockEvent }
  | { readonly type: 'finished'; readonly latest: number; readonly late: number }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly code: FailureCode; readonly message: string }

/** Throws a `TypeError` for whatever is not a message of this protocol. */
export function readFromWorker(value: unknown): FromWorker {
  const message = fields(value)
  const ok = fromWorkerForms.get(message.type)?.(message) ?? false
  if (!ok) refuse('from a worker', value)
  return value as FromWorker
}

/** Throws a `TypeError` for whatever is not a message of this protocol. */
export function readToWorker(value: unknown): ToWorker {
  const message = fields(value)
  const ok = toWorkerForms.get(message.type)?.(message) ?? false
  if (!ok) refuse('to a worker', value)
  return value as ToWorker
}

type Fields = Readonly<Record<string, unknown>>
type Form = (message: Fields) => boolean

function formsOf<Type extends string>(forms: Readonly<Record<Type, Form>>) {
  return new Map<unknown, Form>(Object.entries<Form>(forms))
}

const toWorkerForms = formsOf<ToWorker['type']>({
  setup: ({ lock, memory, policy, thread, sections, speed }) =>
    isText(lock) &&
    isMemory(memory) &&
    (policy === 'phase-fair' || policy === 'fifo') &&
    isText(thread) &&
    Array.isArray(sections) &&
    sections.every(isSection) &&
    isPositive(speed),
  'keep-time': ({ lock, memory }) => isText(lock) && isMemory(memory),
  ping: () => true,
  start: ({ at }) => isTime(at),
  enough: () => true,
  stop: () => true,
})

const failureCodes: readonly unknown[] = [
  'unsupported',
  'worker-failed',
  'lock-lost',
] satisfies FailureCode[]

const fromWorkerForms = formsOf<FromWorker['type']>({
  ready: () => true,
  pong: ({ time }) => isTime(time),
  event: ({ event }) => isEvent(event),
  finished: ({ latest, late }) => isTime(latest) && isTime(late),
  stopped: () => true,
  failed: ({ code, message }) => failureCodes.includes(code) && isText(message),
})

/** What can happen to a section's lock; no run looks for deadlocks or declares an order. */
const eventTypes: readonly unknown[] = [
  'request',
  'grant',
  'release',
  'abort',
  'timeout',
  'refuse',
  'lost',
] satisfies LockEventType[]

function isEvent(value: unknown): boolean {
  const { type, time, agent, task, lock, mode, request, reason } = fields(value)
  if (type === 'lost' && !isText(reason)) return false
  return (
    eventTypes.includes(type) &&
    isTime(time) &&
    [agent, task, lock, request].every(isText) &&
    (mode === 'exclusive' || mode === 'shared')
  )
}

function isSection(value: unknown): boolean {
  const { mode, at, hold } = fields(value)
  return (mode === 'read' || mode === 'write') && isTime(at) && isPositive(hold)
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isTime = (value: unknown): boolean => Number.isFinite(value) && Number(value) >= 0
/** Where there is no `SharedArrayBuffer`, nobody can have sent one. */
const isMemory = (value: unknown): boolean =>
  value === undefined || Object.prototype.toString.call(value) === '[object SharedArrayBuffer]'
const isPositive = (value: unknown): boolean => isTime(value) && Number(value) > 0

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function refuse(where: string, value: unknown): never {
  throw new TypeError(`not a message ${where}: ${JSON.stringify(value)?.slice(0, 200)}`)
}
