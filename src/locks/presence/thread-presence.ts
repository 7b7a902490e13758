/**
 * Presence of a Node thread: a local socket that it listens on. The system closes it when the
 * thread's environment is torn down, after its last instruction, also that of a busy thread or of
 * one that is blocked. Whoever connects sees it close, and is refused from then on: that refusal
 * is the proof. Any thread can watch any other, whoever started whom, without help of a third.
 *
 * Ruled out: `process.on('worker')` and the `exit` of workers. These tell a thread of the children
 * alone that it starts after it began to listen, and not before it is idle itself.
 *
 * It listens before the constructor returns, so it is `established` at once.
 */

import { UnsupportedError } from '../errors'
import { newPresenceId, type Presence } from './presence'
import { Watchers } from './watchers'

/** What is needed of `node:net`. */
export interface LocalSockets {
  createServer(accept: (socket: LocalSocket) => void): LocalServer
  connect(path: string): LocalSocket
}

interface LocalSocket {
  /** It does not keep the process alive. */
  unref(): unknown
  /** Reads on, for else it would not notice its other end. */
  resume(): unknown
  destroy(): unknown
  on(event: 'connect' | 'close', listener: () => void): unknown
  on(event: 'error', listener: (error: Error & { readonly code?: string }) => void): unknown
}

interface LocalServer {
  readonly listening: boolean
  listen(path: string): unknown
  close(): unknown
  unref(): unknown
  on(event: 'listening', listener: () => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
}

interface NodeProcess {
  readonly platform: string
  readonly env: Readonly<Record<string, string | undefined>>
  getBuiltinModule?(name: 'node:net'): LocalSockets
}

/** Nobody listens there, nor ever did or ever will. */
const proofs = new Set(['ECONNREFUSED', 'ENOENT'])

/** After how long to ask again who gave no answer, in ms: a busy thread's queue may be full. */
const askAgain = 50

/** @throws UnsupportedError where there is no Node, or one before 20.16 */
export function threadPresence(): Presence {
  const sockets = localSockets()
  if (sockets === undefined) {
    throw new UnsupportedError('the presence of a thread needs Node 20.16 or newer')
  }
  return new ThreadPresence(sockets, socketPath)
}

/** `undefined` where there is no Node, or one before 20.16. */
export function localSockets(): LocalSockets | undefined {
  return node.process?.getBuiltinModule?.('node:net')
}

const node = globalThis as { readonly process?: NodeProcess }

/** Linux and Windows have names that leave no file behind, however the process ends. */
function socketPath(id: string): string {
  const { platform, env } = node.process ?? { platform: '', env: {} }
  if (platform === 'linux') return `\0latchkey-${id}`
  if (platform === 'win32') return `\\\\.\\pipe\\latchkey-${id}`
  return `${(env.TMPDIR ?? '/tmp').replace(/\/$/, '')}/latchkey-${id}`
}

class ThreadPresence implements Presence {
  readonly id = newPresenceId()
  readonly ready: Promise<void>
  /** Never: nobody can take a thread's socket from it. */
  readonly lost: Promise<void> = new Promise(() => {})
  readonly #server: LocalServer
  /** Of those who watch this thread. */
  readonly #connections = new Set<LocalSocket>()
  readonly #watchers = new Watchers()

  constructor(
    readonly sockets: LocalSockets,
    readonly path: (id: string) => string,
  ) {
    this.#server = sockets.createServer((socket) => {
      this.#connections.add(socket)
      socket.unref()
      socket.resume()
      // Its `close` follows.
      socket.on('error', () => {})
      socket.on('close', () => this.#connections.delete(socket))
    })
    this.ready = new Promise((ready, fail) => {
      this.#server.on('listening', ready)
      this.#server.on('error', (error) => {
        fail(new UnsupportedError(`no local socket can be had here: ${error}`, { cause: error }))
      })
    })
    this.ready.catch(() => {})
    this.#server.listen(path(this.id))
    this.#server.unref()
  }

  get established(): boolean {
    return this.#server.listening
  }

  watch(id: string, died: () => void): () => void {
    return this.#watchers.add(id, died, () => this.#prove(id))
  }

  leave(): void {
    this.#server.close()
    for (const connection of this.#connections) connection.destroy()
  }

  #prove(id: string): void {
    const socket = this.sockets.connect(this.path(id))
    socket.unref()
    socket.resume()
    let failure: string | undefined
    let connected = false
    socket.on('connect', () => {
      connected = true
    })
    socket.on('error', ({ code = 'unknown' }) => {
      failure = code
    })
    socket.on('close', () => {
      if (!connected && proofs.has(failure ?? '')) this.#watchers.died(id)
      // A connection that ends proves nothing yet; the next one does, or is.
      else if (connected) this.#prove(id)
      else unref(setTimeout(() => this.#prove(id), askAgain))
    })
  }
}

/** Node's timers are objects, those of the DOM's types are numbers. */
function unref(timer: unknown): void {
  ;(timer as { unref?(): void }).unref?.()
}
