/**
 * One agent of the comparison with Go: it plays some goroutines of a recorded run with the
 * library's RWLock, one action at a time, and reports who of them holds and who waits.
 *
 * It also counts what it has to do with the browser's lock manager, so that the driver can tell
 * when nothing moves any more (see `settle` in oracle.ts).
 */

import type { GoAction } from '../../src/fixtures/go-rwmutex'
import { createLocks, type Fairness, type Hold, type RWLock } from '../../src/locks/index'

export type OracleCommand =
  | {
      readonly type: 'act'
      readonly lock: string
      readonly fair: Fairness
      readonly g: number
      readonly op: GoAction
    }
  | { readonly type: 'round' }
  | { readonly type: 'clear' }

export interface OracleState {
  /** Grows with everything this agent asks of the lock manager or hears from it. */
  readonly moves: number
  /** A message to itself is under way: the next turn of its event loop will act on it. */
  readonly busy: boolean
  /** Goroutines, once for each read lock they hold. */
  readonly readers: readonly number[]
  readonly writers: readonly number[]
  readonly waiting: readonly number[]
  /** What the last try answered. */
  readonly tried: boolean | undefined
  /** Anything that went wrong. */
  readonly failure: string | undefined
}

let moves = 0
let posted = 0
let delivered = 0
countMoves()
countTurns()

const locks = createLocks()
let reading: (readonly [g: number, hold: Hold])[] = []
let writing: (readonly [g: number, hold: Hold])[] = []
const waiting = new Map<number, AbortController>()
let tried: boolean | undefined
let failure: string | undefined

export async function obey(command: OracleCommand): Promise<OracleState> {
  if (command.type === 'act') {
    const { lock, fair, g, op } = command
    act(locks.rwLock(lock, { fair }), g, op)
  } else if (command.type === 'clear') {
    for (const wait of waiting.values()) wait.abort()
    for (const [, hold] of [...reading, ...writing]) hold.release()
    reading = []
    writing = []
  } else {
    await navigator.locks.query()
  }
  return {
    moves,
    busy: posted !== delivered,
    readers: reading.map(([g]) => g),
    writers: writing.map(([g]) => g),
    waiting: [...waiting.keys()],
    tried,
    failure,
  }
}

function act(lock: RWLock, g: number, op: GoAction): void {
  switch (op) {
    case 'RLock':
      wait(g, (signal) => lock.acquireRead({ signal }), reading)
      break
    case 'Lock':
      wait(g, (signal) => lock.acquireWrite({ signal }), writing)
      break
    case 'TryRLock':
      attempt(g, lock.tryAcquireRead(), reading)
      break
    case 'TryLock':
      attempt(g, lock.tryAcquireWrite(), writing)
      break
    case 'RUnlock':
      release(g, reading)
      break
    case 'Unlock':
      release(g, writing)
      break
  }
}

type Held = (readonly [g: number, hold: Hold])[]

function wait(g: number, ask: (signal: AbortSignal) => Promise<Hold>, held: Held): void {
  const controller = new AbortController()
  waiting.set(g, controller)
  ask(controller.signal)
    .then((hold) => {
      // An earlier withdrawal may let the next one in before it is withdrawn itself.
      if (controller.signal.aborted) hold.release()
      else held.push([g, hold])
    })
    .catch(failed)
    .finally(() => waiting.delete(g))
}

function attempt(g: number, answer: Promise<Hold | null>, held: Held): void {
  tried = undefined
  answer
    .then((hold) => {
      tried = hold !== null
      if (hold !== null) held.push([g, hold])
    })
    .catch(failed)
}

function release(g: number, held: Held): void {
  const at = held.findIndex(([holder]) => holder === g)
  const [entry] = at < 0 ? [] : held.splice(at, 1)
  if (entry === undefined) failure ??= `goroutine ${g} holds nothing that it could release`
  else entry[1].release()
}

function failed(error: unknown): void {
  const aborted = error instanceof DOMException && error.name === 'AbortError'
  if (!aborted) failure ??= String(error)
}

/** Not a promise: something that the browser treats as one. */
const listening = 'then'

/** Requests, withdrawals, grants and releases of this agent, whoever makes them. */
function countMoves(): void {
  const { prototype } = LockManager
  prototype.request = new Proxy(prototype.request, {
    apply(request, manager, given: unknown[]) {
      moves++
      const callback = given.pop() as LockGrantedCallback<unknown>
      const { signal } = (given[1] ?? {}) as LockOptions
      signal?.addEventListener('abort', () => moves++)
      const counted = (lock: Lock | null) => {
        moves++
        const end = callback(lock) as PromiseLike<unknown> | undefined
        if (end === undefined) return undefined
        // What a hold ends with is listened to once, as the browser does.
        const listen: PromiseLike<unknown>['then'] = (resolve, reject) =>
          end.then((value) => {
            moves++
            return resolve?.(value) as never
          }, reject)
        return { [listening]: listen }
      }
      return Reflect.apply(request, manager, [...given, counted])
    },
  })
}

/** Messages that this agent's code posts to itself, as the library does to see a turn end. */
function countTurns(): void {
  globalThis.MessageChannel = class extends MessageChannel {
    constructor() {
      super()
      const post = (message: unknown) => MessagePort.prototype.postMessage.call(this.port2, message)
      this.port2.postMessage = (message: unknown) => {
        posted++
        post(message)
      }
      this.port1.addEventListener('message', () => delivered++)
    }
  }
}
