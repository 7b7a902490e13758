/**
 * A participant of a workload, in a worker of the page or of another tab. It measures with its own
 * clock and tells in batches, so that the page has nothing to do but to draw.
 */

import { LockLostError, UnsupportedError } from '../../locks'
import { participantsOf } from '../../scenario'
import { clockResolution } from '../clocks'
import { openCounters } from './counters'
import { EventLog, quotaFor } from './event-log'
import { Participant } from './participant'
import { workerPausing } from './pausing'
import {
  type FromParticipant,
  type ParticipantFailure,
  type ToParticipant,
  talkOver,
} from './protocol'
import { openLock } from './workload-locks'

type Setup = Extract<ToParticipant, { type: 'setup' }>

/** Between two batches, in ms. */
const period = 100

const pausing = workerPausing()
/** Of a worker: `self` is typed as a window's here. */
const ownPage = { postMessage: self.postMessage.bind(self) as Worker['postMessage'] }
const stop = new AbortController()
let begin: ((at: number) => void) | undefined
let playing: Promise<void> = Promise.resolve()
/** The page: this worker's own, or the one at the other end of a port. */
let page: { postMessage(message: unknown, transfer: Transferable[]): void } = ownPage

function tell(message: FromParticipant, transfer: Transferable[] = []): void {
  page.postMessage(message, transfer)
}

self.onmessage = (event: MessageEvent<unknown>) => {
  const [port] = event.ports
  if (event.data !== talkOver || port === undefined) {
    hear(event.data as ToParticipant)
    return
  }
  page = port
  port.onmessage = ({ data }: MessageEvent<ToParticipant>) => hear(data)
}

function hear(message: ToParticipant): void {
  switch (message.type) {
    case 'setup':
      playing = play(message).catch(fail)
      return
    case 'ping':
      tell({ type: 'pong', time: pausing.now() })
      return
    case 'start':
      begin?.(message.at)
      return
    case 'stop':
      stop.abort()
      playing.then(() => tell({ type: 'stopped' }))
  }
}

async function play({ workload, participant, name, memory, countedIn }: Setup): Promise<void> {
  const counters = await openCounters(countedIn, workload.keys)
  try {
    await warmUp(workload, `${name} warm ${participant}`, memory)
    const lock = openLock(workload, name, memory)
    const log = new EventLog(quotaFor(participantsOf(workload)))
    const over = new AbortController()
    const who = { workload, participant, lock, counters, log, pausing }
    const part = new Participant({ ...who, over: over.signal, stop: stop.signal })
    const at = await readyAndStarted()
    await pausing.pause(at - pausing.now(), stop.signal)
    const batch = () => {
      const rows = log.take()
      tell({ type: 'batch', rows, counts: part.counts }, [rows.buffer])
    }
    const batches = setInterval(batch, period)
    const { end } = workload
    const timer = end.kind === 'time' ? setTimeout(() => over.abort(timeIsUp), end.ms) : undefined
    try {
      await part.play()
    } finally {
      clearInterval(batches)
      clearTimeout(timer)
    }
    const ended = pausing.now()
    batch()
    tell({ type: 'finished', at: ended, tally: part.tally() })
  } finally {
    counters.close()
  }
}

const timeIsUp = new Error('the time is up')

/** The first acquisition of a realm takes milliseconds; and what cannot lock says so before anybody waits. */
async function warmUp(
  workload: Setup['workload'],
  name: string,
  memory: SharedArrayBuffer | undefined,
): Promise<void> {
  const lock = openLock(workload, name, memory)
  for (const mode of ['read', 'write'] as const) {
    await lock({ key: 0, mode, think: 0, hold: 0 }, stop.signal, async () => {})
  }
}

/** Resolves with the common start. */
function readyAndStarted(): Promise<number> {
  const { signal } = stop
  return new Promise((resolve, reject) => {
    begin = resolve
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    tell({ type: 'ready', resolution: clockResolution(() => performance.now()) })
  })
}

function fail(error: unknown): void {
  // Whoever stops the run knows why.
  if (stop.signal.aborted) return
  // Its other tasks end as well: what they hold must not outlast what is told.
  stop.abort()
  tell({ type: 'failed', code: codeOf(error), message: String(error) })
}

function codeOf(error: unknown): ParticipantFailure {
  if (error instanceof UnsupportedError) return 'unsupported'
  const stolen = error instanceof DOMException && error.name === 'AbortError'
  return stolen || error instanceof LockLostError ? 'lock-lost' : 'worker-failed'
}
