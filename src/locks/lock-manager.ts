/**
 * `latchkey/lock-manager`: any port behind the standard `LockManager` interface, step by step as
 * the Web Locks specification has it (W3C Web Locks API, "LockManager class" and "Algorithms").
 *
 * Names pass through unchanged, so that a manager and `createLocks` of one reach exclude each
 * other. Every request goes to the mechanism on its own (`fair: 'strict'`): order is exact.
 */

import { checkOptions } from './arguments'
import { UnsupportedError } from './errors'
import type { LockMode } from './events'
import { openSpace } from './open-space'
import type { LockPort, LossReason, PortLockInfo, PortRequest, Reach } from './ports/port'
import { show } from './show'
import { supportOf } from './support'
import { installedMark } from './web-locks'

export type { Reach } from './ports/port'

export type LockManagerOptions =
  /** How far the locks must reach. Default `origin`. */
  | {
      readonly reach?: Reach | undefined
      /** For reach `cluster`: see `createLocks`. */
      readonly memory?: SharedArrayBuffer | undefined
      readonly port?: undefined
    }
  /** A mechanism of one's own. */
  | { readonly port: LockPort; readonly reach?: undefined; readonly memory?: undefined }

/**
 * The standard interface over the locks of one reach. Nothing of the environment is touched
 * before the first call; where nothing reaches that far, `request` and `query` reject with
 * `UnsupportedError`.
 *
 * @throws TypeError for an unknown reach, and for a reach and a port at once
 * @example
 * const locks = createLockManager({ reach: 'realm' })
 * await locks.request('cart', async (lock) => { await save(lock.name) })
 */
export function createLockManager(options: LockManagerOptions = {}): LockManager {
  checkOptions(options)
  const { reach = 'origin', memory, port } = options
  if (port === undefined) {
    const space = openSpace(reach, { memory })
    return new PortLockManager(() => space.ports.strict)
  }
  if (options.reach !== undefined || memory !== undefined) {
    throw new TypeError(`pass port, or reach and memory, not both: got ${show(reach)}`)
  }
  if (typeof port?.acquire !== 'function') {
    throw new TypeError(`port must be a lock port, got ${show(port)}`)
  }
  return new PortLockManager(() => port)
}

/**
 * Gives a page that lacks `navigator.locks` one, and answers it; one that is there already is
 * answered as it is. On plain http, IndexedDB then carries the locks of all tabs; other reaches
 * must be asked for by name. `createLocks()` knows an installed manager from the browser's own, and
 * does not take it for one that reaches every tab.
 *
 * @throws UnsupportedError where nothing reaches as far as was asked, or there is no `navigator`
 * @example
 * installLockManager()
 * await navigator.locks.request('cart', async () => { await save() })
 */
export function installLockManager(
  options: { readonly reach?: Reach | undefined } = {},
): LockManager {
  checkOptions(options)
  const { reach = 'origin' } = options
  const locks = createLockManager({ reach })
  const support = supportOf(reach)
  if (!support.supported) throw new UnsupportedError(support.reason)
  if (typeof navigator === 'undefined') {
    throw new UnsupportedError('there is no navigator here: use createLockManager()')
  }
  if (navigator.locks === undefined) {
    Object.defineProperty(navigator, 'locks', { value: locks, configurable: true })
  }
  return navigator.locks
}

/** What a request asks for, read from its arguments as Web IDL does. */
interface Wanted {
  readonly ifAvailable: boolean
  readonly mode: LockMode
  readonly signal: AbortSignal | undefined
  readonly steal: boolean
}

const wantsLock: Wanted = { ifAvailable: false, mode: 'exclusive', signal: undefined, steal: false }

class PortLockManager implements LockManager {
  readonly #port: () => LockPort

  constructor(port: () => LockPort) {
    this.#port = port
  }

  get [installedMark](): true {
    return true
  }

  get [Symbol.toStringTag](): string {
    return 'LockManager'
  }

  request<T>(name: string, callback: LockGrantedCallback<T>): Promise<Awaited<T>>
  request<T>(
    name: string,
    options: LockOptions,
    callback: LockGrantedCallback<T>,
  ): Promise<Awaited<T>>
  async request(name: unknown, second: unknown, ...more: unknown[]): Promise<unknown> {
    const findPort = this.#port
    // Web IDL: the arguments are converted from left to right before anything is looked at.
    const resource = `${name}`
    const wanted = more.length === 0 ? wantsLock : readOptions(second)
    const callback = more.length === 0 ? second : more[0]
    if (typeof callback !== 'function') {
      throw new TypeError(`callback must be a function, got ${show(callback)}`)
    }
    checkFullyActive()
    const port = findPort()
    const { ifAvailable, mode, signal, steal } = wanted
    if (resource.startsWith('-')) throw notSupported(`name must not start with '-'`)
    if (steal && ifAvailable) throw notSupported('steal and ifAvailable exclude each other')
    if (steal && mode !== 'exclusive') throw notSupported(`steal needs the mode 'exclusive'`)
    if (signal !== undefined && (steal || ifAvailable)) {
      throw notSupported('a signal cannot be used with steal or ifAvailable')
    }
    signal?.throwIfAborted()
    return new Promise((resolve, reject) => {
      new StandardRequest(port, resource, wanted, callback as Granted, resolve, reject).ask()
    })
  }

  async query(): Promise<LockManagerSnapshot> {
    const findPort = this.#port
    checkFullyActive()
    const { held, pending } = await findPort().query()
    return { held: held.map(lockInfo), pending: pending.map(lockInfo) }
  }
}

type Granted = (lock: Lock | null) => unknown

/** A `Lock`. The browser's too has its attributes on the prototype, where nobody can set them. */
class GrantedLock implements Lock {
  readonly #request: StandardRequest

  constructor(request: StandardRequest) {
    this.#request = request
  }

  get name(): string {
    return this.#request.name
  }

  get mode(): LockMode {
    return this.#request.mode
  }

  get [Symbol.toStringTag](): string {
    return 'Lock'
  }
}

class StandardRequest implements PortRequest {
  slot: unknown = undefined
  grantedAt = -1
  readonly mode: LockMode
  readonly ifAvailable: boolean
  readonly steal: boolean
  readonly #signal: AbortSignal | undefined
  readonly #since = Date.now()
  /** Granted, as far as this request knows: what an abort must give back. */
  #held = false
  #aborted = false

  constructor(
    readonly port: LockPort,
    readonly name: string,
    { ifAvailable, mode, signal, steal }: Wanted,
    readonly callback: Granted,
    readonly resolve: (result: unknown) => void,
    readonly reject: (error: unknown) => void,
  ) {
    this.mode = mode
    this.ifAvailable = ifAvailable
    this.steal = steal
    this.#signal = signal
  }

  ask(): void {
    this.#signal?.addEventListener('abort', this.#abort, { once: true })
    const answer = this.port.acquire(this)
    if (answer === 'granted') this.granted()
    else if (answer === 'refused') this.refused()
  }

  granted(): void {
    this.#held = true
    this.#call(new GrantedLock(this))
  }

  refused(): void {
    this.#call(null)
  }

  failed(error: unknown): void {
    this.#signal?.removeEventListener('abort', this.#abort)
    this.reject(error)
  }

  /** The callback is not interrupted: what it returns is of no interest any more. */
  lost(reason: LossReason): void {
    this.reject(new DOMException(`lock ${show(this.name)} is ${reason}`, 'AbortError'))
  }

  describe() {
    const { name, mode } = this
    const held = this.#held
    const since = held ? this.grantedAt : this.#since
    return { name, mode, held, task: 'LockManager.request', since, site: undefined }
  }

  /** Calls back in a later microtask, unless the signal comes first; then lets go. */
  async #call(lock: Lock | null): Promise<void> {
    await undefined
    if (this.#aborted) return
    this.#signal?.removeEventListener('abort', this.#abort)
    const { callback } = this
    const result = new Promise((resolve) => resolve(callback(lock)))
    await result.catch(() => {})
    // Before the answer: whoever hears it may find the lock free.
    if (this.#held) this.port.release(this)
    this.resolve(result)
  }

  readonly #abort = (): void => {
    this.#aborted = true
    this.reject(this.#signal?.reason)
    if (this.#held) this.port.release(this)
    else this.port.cancel(this)
  }
}

/** A Web IDL dictionary: members are read and converted in the order of their names. */
function readOptions(value: unknown): Wanted {
  if (value === undefined || value === null) return wantsLock
  if (typeof value !== 'object' && typeof value !== 'function') {
    throw new TypeError(`options must be an object, got ${show(value)}`)
  }
  const options = value as Record<keyof Wanted, unknown>
  return {
    ifAvailable: Boolean(options.ifAvailable),
    mode: readMode(options.mode),
    signal: readSignal(options.signal),
    steal: Boolean(options.steal),
  }
}

function readMode(value: unknown): LockMode {
  if (value === undefined) return 'exclusive'
  const mode = `${value}`
  if (mode !== 'exclusive' && mode !== 'shared') {
    throw new TypeError(`mode must be 'exclusive' or 'shared', got ${show(mode)}`)
  }
  return mode
}

function readSignal(value: unknown): AbortSignal | undefined {
  if (value === undefined) return undefined
  try {
    // The getter knows a real signal, also one of another realm, from an object that looks like one.
    Reflect.get(AbortSignal.prototype, 'aborted', value)
  } catch {
    throw new TypeError(`signal must be an AbortSignal, got ${show(value)}`)
  }
  return value as AbortSignal
}

/** A page that was taken out of its frame must not lock any more. */
function checkFullyActive(): void {
  if (typeof document !== 'undefined' && document.defaultView === null) {
    throw new DOMException('the document is not fully active', 'InvalidStateError')
  }
}

function notSupported(why: string): DOMException {
  return new DOMException(why, 'NotSupportedError')
}

function lockInfo({ clientId, mode, name }: PortLockInfo): LockInfo {
  return { clientId, mode, name }
}
