/**
 * A worker of a run: plays one thread, and tells the page what the library's events say; or
 * keeps time beside the threads. The thread of the scenario is a task of the library, so the
 * events carry its name by themselves.
 */

import { LockLostError, UnsupportedError } from '../locks'
import { keepTime } from './keep-time'
import { playThread, warmUp } from './play-thread'
import { type FailureCode, type FromWorker, readToWorker, type ToWorker } from './protocol'
import { workerWaiting } from './punctual'
import { locksOver } from './run-locks'

type Setup = Extract<ToWorker, { type: 'setup' }>

type KeepTime = Extract<ToWorker, { type: 'keep-time' }>

const stop = new AbortController()
const enough = new AbortController()
const waiting = workerWaiting()
let begin: ((at: number) => void) | undefined
let playing: Promise<void> = Promise.resolve()

function tell(message: FromWorker): void {
  postMessage(message)
}

self.onmessage = ({ data }: MessageEvent<unknown>) => {
  const message = readToWorker(data)
  switch (message.type) {
    case 'setup':
      playing = play(message).catch(fail)
      return
    case 'keep-time':
      playing = measure(message).catch(fail)
      return
    case 'ping':
      tell({ type: 'pong', time: waiting.now() })
      return
    case 'start':
      begin?.(message.at)
      return
    case 'enough':
      enough.abort()
      return
    case 'stop':
      stop.abort()
      enough.abort()
      playing.then(() => tell({ type: 'stopped' }))
  }
}

async function play(setup: Setup): Promise<void> {
  const { lock: name, memory, policy, thread, sections, speed } = setup
  const locks = locksOver(memory)
  const task = locks.task(thread)
  const options = { policy, fair: 'strict' } as const
  await warmUp(task, `${name} ${thread}`, options)
  let grantedAt = Number.NaN
  locks.subscribe((event) => {
    if (event.lock !== name) return
    if (event.type === 'grant') grantedAt = event.time
    tell({ type: 'event', event })
  })
  const lock = task.rwLock(name, options)
  const { signal } = stop
  const start = await readyAndStarted()
  const part = { lock, sections, start, speed, grantedAt: () => grantedAt, waiting, signal }
  tell({ type: 'finished', ...(await playThread(part)) })
}

async function measure({ lock: name, memory }: KeepTime): Promise<void> {
  const mutex = locksOver(memory).mutex(`${name} timekeeper`, { fair: 'strict' })
  const acquire = () => mutex.acquire()
  const warm = await acquire()
  warm.release()
  await readyAndStarted()
  tell({ type: 'finished', ...(await keepTime({ acquire, waiting, end: enough.signal })) })
}

/** Resolves with the common start. */
function readyAndStarted(): Promise<number> {
  const { signal } = stop
  return new Promise((resolve, reject) => {
    begin = resolve
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    tell({ type: 'ready' })
  })
}

function fail(error: unknown): void {
  // Whoever stops the run knows why.
  if (stop.signal.aborted) return
  tell({ type: 'failed', code: codeOf(error), message: String(error) })
}

function codeOf(error: unknown): FailureCode {
  if (error instanceof UnsupportedError) return 'unsupported'
  return error instanceof LockLostError ? 'lock-lost' : 'worker-failed'
}
