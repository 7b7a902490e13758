/**
 * What every page and every worker of the lock tests has at hand, as the global `agent`. A page
 * is `agent.html`; a worker runs this same module.
 */

import * as deadlock from '../../src/locks/deadlock'
import * as latchkey from '../../src/locks/index'
import * as observe from '../../src/observe'
import type {} from './another-copy'

const locks = latchkey.createLocks()
/** Of the cluster, if this agent is of one. */
let memory: SharedArrayBuffer | undefined
/** Things that a test needs again in a later step. */
const kept = new Map<string, unknown>()

/** The names that anybody in the origin holds or waits for, sorted. */
async function names(): Promise<string[]> {
  const { held = [], pending = [] } = await navigator.locks.query()
  return [...held, ...pending].map(({ name }) => name ?? '').sort()
}

async function count(list: 'held' | 'pending', name: string): Promise<number> {
  return ((await navigator.locks.query())[list] ?? []).filter((info) => info.name === name).length
}

globalThis.agent = {
  latchkey,
  deadlock,
  observe,
  locks,

  detecting(after, reach = memory === undefined ? 'origin' : 'cluster') {
    const options = { reach, deadlock: deadlock.detectDeadlocks({ after }) }
    return latchkey.createLocks(reach === 'cluster' ? { ...options, memory } : options)
  },

  makeCluster() {
    memory = latchkey.createLockMemory()
  },

  async holdFor(task, lock, after, reach) {
    const hold = await agent.detecting(after, reach).task(task).mutex(lock).acquire()
    kept.set(`${task} holds`, hold)
    // Clocks of whole milliseconds: the next one shall be younger.
    while (Date.now() <= hold.grantedAt) await agent.turn()
  },

  async askFor(task, lock, elsewhere) {
    const held = await agent.kept<latchkey.Hold>(`${task} holds`)
    const asker = elsewhere
      ? agent.detecting(elsewhere.after, elsewhere.reach).task(held.task)
      : held
    const wait = async () => {
      try {
        ;(await asker.mutex(lock).acquire()).release()
        return 'done'
      } catch (error) {
        return fall(error)
      } finally {
        held.release()
      }
    }
    kept.set(`${task} ends`, wait())
  },

  async blockHolding(task, lock, after) {
    const locks = agent.detecting(after)
    await locks.ready()
    kept.set(`${task} holds`, locks.task(task).mutex(lock).acquireSync())
  },

  async blockFor(task, lock) {
    const held = await agent.kept<latchkey.Hold>(`${task} holds`)
    try {
      held.mutex(lock).acquireSync().release()
      return 'done'
    } catch (error) {
      return fall(error)
    } finally {
      held.release()
    }
  },

  endOf(task) {
    return agent.kept(`${task} ends`)
  },

  async leaseFor(lock, ttl) {
    const hold = await locks.mutex(lock).acquire({ lease: { ttl } })
    kept.set(`lease of ${lock}`, hold)
    const { signal } = hold
    const lost = new Promise((lose) => {
      const tell = () => lose(`${signal.reason}`)
      signal.addEventListener('abort', tell)
      if (signal.aborted) tell()
    })
    kept.set(`loss of ${lock}`, lost)
  },

  async lossOf(lock) {
    const loss = await agent.kept<string>(`loss of ${lock}`)
    // Late, and no matter.
    ;(await agent.kept<latchkey.Hold>(`lease of ${lock}`)).release()
    return loss
  },

  async inWorker(call, ...args) {
    const worker = await agent.kept<Worker>('worker')
    return new Promise((resolve) => {
      const hear = ({ data }: MessageEvent<Answer>) => {
        if (data.call !== call) return
        worker.removeEventListener('message', hear)
        resolve(data.answer)
      }
      worker.addEventListener('message', hear)
      worker.postMessage({ call, args } satisfies Call)
    })
  },

  async anotherCopy() {
    const script = document.createElement('script')
    script.type = 'module'
    script.src = '/another-copy.js'
    await new Promise((loaded) => {
      script.onload = loaded
      document.head.append(script)
    })
    return copied
  },

  keep(what, value) {
    kept.set(what, value)
    // A wait that is kept may be rejected before a test asks for it.
    if (value instanceof Promise) value.catch(() => {})
  },

  async kept<T>(what: string) {
    if (!kept.has(what)) throw new Error(`nothing was kept as ${what}`)
    return (await kept.get(what)) as T
  },

  async queued(name, wanted = 1) {
    // Each round is an answer of the browser's lock manager: it sets the pace.
    while ((await count('pending', name)) !== wanted);
  },

  async held(name, wanted = 1) {
    while ((await count('held', name)) !== wanted);
  },

  async leftOver(patience) {
    const start = performance.now()
    let left = await names()
    while (left.length > 0 && performance.now() - start < patience) left = await names()
    return left
  },

  async turn() {
    const { port1, port2 } = new MessageChannel()
    await new Promise((resolve) => {
      port1.onmessage = resolve
      port2.postMessage(null)
    })
    port1.close()
  },

  holdRaw(name, options = {}) {
    return new Promise((granted, withdrawn) => {
      const ended = navigator.locks.request(name, options, () => {
        return new Promise<void>((release) => granted({ release, ended }))
      })
      ended.catch(withdrawn)
    })
  },

  async loop(name) {
    for (;;) await locks.mutex(name).run(() => {})
  },

  async startWorker() {
    const worker = new Worker(new URL('./agent.ts', import.meta.url), { type: 'module' })
    kept.set('worker', worker)
    const word = () =>
      new Promise((resolve) => worker.addEventListener('message', resolve, { once: true }))
    await word()
    if (memory === undefined) return
    worker.postMessage({ memory })
    await word()
  },
}

if (typeof document === 'undefined') {
  addEventListener('message', ({ data }: MessageEvent<WorkerOrder>) => {
    if ('block' in data) {
      // Busy until the page says so: it does nothing and hears nothing in between.
      Atomics.store(data.block, 1, 1)
      Atomics.wait(data.block, 0, 0)
    } else if ('memory' in data) {
      memory = data.memory
      postMessage('in the cluster')
    } else if ('call' in data) {
      answer(data)
    } else {
      attempt(data)
    }
  })
  postMessage('ready')
}

/** The tasks of the cycle that a wait fell for, or the error. */
function fall(error: unknown): unknown {
  const { DeadlockError } = latchkey
  return error instanceof DeadlockError ? error.cycle.map(({ task }) => task) : `${error}`
}

async function answer({ call, args }: Call): Promise<void> {
  const doIt = agent[call] as (...args: readonly unknown[]) => unknown
  postMessage({ call, answer: await doIt(...args) } satisfies Answer)
}

/** Notes in the flag whether the lock was there to be taken: 1 if so, else 2. */
async function attempt({ attempt: name, flag, patient }: Attempt): Promise<void> {
  const options = patient ? {} : { ifAvailable: true }
  await navigator.locks.request(name, options, (lock) => {
    Atomics.store(flag, 0, lock === null ? 2 : 1)
  })
}

/** To a worker, which may be asked for what only somebody beside the page can do. */
type WorkerOrder =
  | { readonly block: Int32Array<SharedArrayBuffer> }
  | { readonly memory: SharedArrayBuffer }
  | Call
  | Attempt

type Callable = 'holdFor' | 'askFor' | 'endOf' | 'leaseFor' | 'lossOf'

interface Call {
  readonly call: Callable
  readonly args: readonly unknown[]
}

interface Answer {
  readonly call: Callable
  readonly answer: unknown
}

interface Attempt {
  readonly attempt: string
  readonly flag: Int32Array<SharedArrayBuffer>
  /** Waits until it gets the lock, rather than to be refused. */
  readonly patient: boolean
}

/** Where detection goes on to: another reach than that of what the task holds. */
export interface Elsewhere {
  readonly reach: latchkey.Reach
  readonly after: number
}

/** A hold of `navigator.locks` itself. */
export interface RawHold {
  release(): void
  /** Settles when the browser has taken it back: rejects if it was stolen. */
  readonly ended: Promise<void>
}

export interface Agent {
  readonly latchkey: typeof latchkey
  readonly deadlock: typeof deadlock
  readonly observe: typeof observe
  readonly locks: latchkey.Locks
  /** Locks that look for deadlocks in waits of `after` ms: of the cluster if it is in one. */
  detecting(after: number, reach?: latchkey.Reach): latchkey.Locks
  /** From then on this page and the workers that it starts are a cluster, with a memory. */
  makeCluster(): void
  /** A task of its own, which holds a lock; younger than all that were made before. */
  holdFor(task: string, lock: string, after: number, reach?: latchkey.Reach): Promise<void>
  /** Asks for another lock on behalf of a task; releases both when it has it, or fell. */
  askFor(task: string, lock: string, elsewhere?: Elsewhere): Promise<void>
  /** As `holdFor`, blocking the thread. */
  blockHolding(task: string, lock: string, after: number): Promise<void>
  /** Blocks for another lock on behalf of a task; releases both, and says as `endOf` how it ended. */
  blockFor(task: string, lock: string): Promise<unknown>
  /** Resolves with how that ended: `done`, the tasks of the cycle that it fell for, or an error. */
  endOf(task: string): Promise<unknown>
  /** Holds a lock under a lease of so many ms. */
  leaseFor(lock: string, ttl: number): Promise<void>
  /** Resolves with the error by which that hold was lost, once it is. */
  lossOf(lock: string): Promise<string>
  /** The same of the worker that was started last, one at a time of a kind. */
  inWorker<Name extends Callable>(call: Name, ...args: Parameters<Agent[Name]>): Promise<unknown>
  /** The library once more, as a second bundle has it: nothing in it is the same object. */
  anotherCopy(): Promise<typeof latchkey>
  /** Keeps a value, or the promise of one, for a later step. */
  keep(what: string, value: unknown): void
  kept<T>(what: string): Promise<T>
  /** Resolves once so many requests for a name wait in the origin, and no more. */
  queued(name: string, wanted?: number): Promise<void>
  /** Resolves once so many hold a name in the origin, and no more. */
  held(name: string, wanted?: number): Promise<void>
  /** Resolves with what is held or waited for in the origin: at once if it is nothing. */
  leftOver(patience: number): Promise<string[]>
  /** One turn of the event loop. */
  turn(): Promise<void>
  holdRaw(name: string, options?: LockOptions): Promise<RawHold>
  /** Locks and unlocks a mutex for as long as the agent lives. */
  loop(name: string): Promise<never>
  /** Starts a worker that has an `agent` of its own; it is kept as `worker`. */
  startWorker(): Promise<void>
}

declare global {
  var agent: Agent
}
