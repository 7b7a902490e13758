/** Many readers or one writer. */

import { Acquisition, type Way } from './acquisition'
import { type BlockOptions, checkChoice, type WaitOptions, writerGateSuffix } from './arguments'
import { type LockDescriptor, policies } from './descriptor'
import { Entrance, plain } from './entrance'
import { NotHeldError, UnsupportedError } from './errors'
import type { Hold, WriteHold } from './hold'
import { checkLock, type LockOptions } from './mutex'
import { noCopy } from './no-copy'
import type {
  Answer,
  BlockingPort,
  LockPort,
  LossReason,
  PortRequest,
  RequestInfo,
} from './ports/port'
import { show } from './show'
import type { Space, TaskRecord } from './space'

/**
 * `phase-fair`: as Go's `sync.RWMutex`. A waiting writer holds back readers that come later; its
 * release admits *all* readers waiting by then before the next writer. Neither side starves.
 * `fifo`: as Web Locks. Strictly in the order of asking; adjacent readers share.
 */
export type RWPolicy = 'phase-fair' | 'fifo'

export interface RWLockOptions extends LockOptions {
  /** Default `phase-fair`. All agents must use one policy for a name. */
  readonly policy?: RWPolicy | undefined
}

/**
 * Writers under `phase-fair` first take turns among themselves on a gate, so that at most one of
 * them is ever queued with the readers.
 */
class WriterGate implements PortRequest {
  slot: unknown = undefined
  grantedAt = -1
  readonly name: string
  readonly mode = 'exclusive'

  constructor(readonly writer: WriteAcquisition) {
    this.name = writer.name + writerGateSuffix
  }

  get ifAvailable(): boolean {
    return this.writer.ifAvailable
  }
  granted(): void {
    this.writer.passedGate()
  }
  refused(): void {
    this.writer.refused()
  }
  failed(error: unknown): void {
    this.writer.failed(error)
  }
  lost(reason: LossReason): void {
    this.writer.lost(reason)
  }
  /** Speaks for the writer until he asks for the lock itself. */
  describe(): RequestInfo | undefined {
    return this.grantedAt < 0 ? this.writer.describe() : undefined
  }
}

export class WriteAcquisition extends Acquisition implements WriteHold {
  /** Absent under `fifo`. */
  readonly #gate: WriterGate | undefined
  #downgrading = false

  /** @param readers the other side of the lock, under `phase-fair` */
  constructor(
    way: Way,
    owner: TaskRecord | undefined,
    readonly readers: Way | undefined,
  ) {
    super(way, owner)
    this.#gate = readers && new WriterGate(this)
  }

  /** The gate is passed after a wait: the lock itself is next. */
  passedGate(): void {
    if (this.isWaiting) this.hear(super.enter(this.way.port))
    else this.leave()
  }

  async downgrade(): Promise<Acquisition> {
    const { readers, isHeld, name, task, way } = this
    const gate = this.#gate
    if (readers === undefined || gate === undefined) {
      throw new UnsupportedError(`downgrade() needs the policy 'phase-fair' on ${show(name)}`)
    }
    if (!isHeld) {
      throw new NotHeldError(`hold of ${show(name)} has ended: it cannot be downgraded`)
    }
    const reader = new Acquisition(readers, task)
    reader.ask(1)
    const waiting = reader.isWaiting ? reader.wait(undefined) : undefined
    // Readers queue behind this hold only; no writer can pass the gate before the reader is in.
    this.#downgrading = true
    this.end()
    try {
      await waiting
    } finally {
      way.port.release(gate)
    }
    return reader
  }

  protected override enter(port: LockPort): Answer {
    const answer = this.#gate === undefined ? 'granted' : port.acquire(this.#gate)
    return answer === 'granted' ? super.enter(port) : answer
  }

  protected override enterBlocking(port: BlockingPort, timeout: number): boolean {
    const gate = this.#gate
    if (gate === undefined) return super.enterBlocking(port, timeout)
    const { clock } = this.space
    const since = clock.now()
    if (!port.acquireBlocking(gate, timeout)) return false
    let granted = false
    try {
      granted = super.enterBlocking(port, Math.max(0, timeout - (clock.now() - since)))
    } finally {
      if (!granted) port.release(gate)
    }
    return granted
  }

  /** Go's order: the readers first, then the next writer. */
  protected override leave(): void {
    super.leave()
    if (this.#gate !== undefined && !this.#downgrading) this.way.port.release(this.#gate)
  }

  protected override withdraw(): void {
    super.withdraw()
    if (this.#gate !== undefined) this.way.port.cancel(this.#gate)
  }
}

/**
 * A reader-writer lock: any number of readers, or one writer.
 *
 * Fairness: by {@link RWPolicy}. Not re-entrant: a reader that reads again inside its section,
 * while a writer waits in between, would wait for itself; named tasks get `ReentrancyError`.
 */
export class RWLock {
  /** @internal */
  readonly noCopy = noCopy
  readonly name: string
  readonly policy: RWPolicy
  readonly #read: Entrance<Acquisition>
  readonly #write: Entrance<WriteAcquisition>

  /** @internal */
  constructor(
    space: Space,
    owner: TaskRecord | undefined,
    name: string,
    options: RWLockOptions | undefined,
  ) {
    const policy = options?.policy ?? 'phase-fair'
    checkChoice('policy', policy, policies)
    const fair = checkLock(space, `RW lock (${policy})`, name, options)
    const gated = policy === 'phase-fair'
    const read = new Entrance(space, owner, name, fair, 'shared', plain, true)
    const writer = (way: Way, task: TaskRecord | undefined) =>
      new WriteAcquisition(way, task, gated ? read : undefined)
    this.name = name
    this.policy = policy
    this.#read = read
    this.#write = new Entrance(space, owner, name, fair, 'exclusive', writer, true)
  }

  /** As {@link Mutex.run}, sharing the lock with other readers. */
  read<T>(callback: (hold: Hold) => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    return this.#read.run(callback, options)
  }

  /** As {@link Mutex.run}, alone. */
  write<T>(callback: (hold: WriteHold) => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    return this.#write.run(callback, options)
  }

  acquireRead(options?: WaitOptions): Promise<Hold> {
    return this.#read.acquire(options)
  }

  /**
   * @example
   * await using writer = await settings.acquireWrite()
   * await save()
   * await using reader = await writer.downgrade()
   */
  acquireWrite(options?: WaitOptions): Promise<WriteHold> {
    return this.#write.acquire(options)
  }

  /** A read hold, unless a writer holds the lock or waits for it; never waits for a holder. */
  tryAcquireRead(): Promise<Hold | null> {
    return this.#read.tryAcquire()
  }

  /** A write hold, unless anybody holds the lock; never waits for a holder. */
  tryAcquireWrite(): Promise<WriteHold | null> {
    return this.#write.tryAcquire()
  }

  /** As {@link Mutex.runSync}, sharing the lock with other readers. */
  readSync<T>(callback: (hold: Hold) => T, options?: BlockOptions): T {
    return this.#read.runSync(callback, options)
  }

  /** As {@link Mutex.runSync}, alone. */
  writeSync<T>(callback: (hold: WriteHold) => T, options?: BlockOptions): T {
    return this.#write.runSync(callback, options)
  }

  /** As {@link Mutex.acquireSync}, sharing the lock with other readers. */
  acquireReadSync(options?: BlockOptions): Hold {
    return this.#read.acquireSync(options)
  }

  /** As {@link Mutex.acquireSync}, alone. */
  acquireWriteSync(options?: BlockOptions): WriteHold {
    return this.#write.acquireSync(options)
  }

  descriptor(): LockDescriptor {
    const { name, policy } = this
    return { latchkey: 'rw-lock', name, fair: this.#read.fair, policy }
  }
}
