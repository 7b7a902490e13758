/** One participant: its locks, what it holds by hand, and everything it can be told to do. */

import {
  createLocks,
  type Hold,
  type Leader,
  type LockEvent,
  type Locks,
  type LocksView,
  type Task,
} from '../../locks'
import { workerPausing } from '../workload/pausing'
import { count } from './deeds/count'
import { fly } from './deeds/fly'
import { freeze } from './deeds/freeze'
import { hold, release } from './deeds/hold'
import { campaign, resign } from './deeds/lead'
import { leak, probe } from './deeds/leak'
import { work } from './deeds/permits'
import { serve } from './deeds/serve'
import { tryLock } from './deeds/try'
import type { DeedKind, FromActor, InputOf, Order, OutputOf, Setup } from './protocol'

/** What the participant has of the door. */
export interface Hand {
  hold: Hold | undefined
  waiting: AbortController | undefined
}

type Perform = {
  readonly [Kind in DeedKind]: (actor: Actor, input: InputOf<Kind>) => Promise<OutputOf<Kind>>
}

const perform: Perform = {
  hold,
  release,
  freeze,
  count,
  leak,
  probe,
  try: tryLock,
  campaign,
  resign,
  work,
  fly,
  serve,
}

export class Actor {
  readonly name: string
  readonly stage: string
  readonly locks: Locks
  readonly task: Task
  readonly hand: Hand = { hold: undefined, waiting: undefined }
  /** While it campaigns or leads. */
  leader: Leader | undefined
  readonly tell: (message: FromActor) => void
  readonly #pausing = workerPausing()
  readonly #watched = new Set<Locks>()
  #stop = new AbortController()

  constructor({ name, stage, mechanism }: Setup, tell: (message: FromActor) => void) {
    this.name = name
    this.stage = stage
    this.tell = tell
    this.locks = createLocks({ mechanism })
    this.task = this.locks.task(name)
    this.watch(this.locks)
    this.locks.watch((view) => tell({ type: 'view', view: this.#ofStage(view) }), { every: 50 })
  }

  /** Aborts when all that goes on is to be given up. */
  get stopped(): AbortSignal {
    return this.#stop.signal
  }

  /** Tells what happens to those locks as well. */
  watch(locks: Locks): void {
    // Two spaces of one reach are one: nothing is told twice.
    if ([...this.#watched].some(({ reach }) => reach === locks.reach)) return
    this.#watched.add(locks)
    locks.subscribe((event) => {
      if (event.lock.startsWith(this.stage)) this.tell({ type: 'events', events: [plain(event)] })
    })
  }

  #ofStage(view: LocksView): LocksView {
    return { ...view, locks: view.locks.filter(({ name }) => name.startsWith(this.stage)) }
  }

  pause(ms: number): Promise<void> {
    return this.#pausing.pause(ms, this.stopped)
  }

  /** Never rejects: what goes wrong is told. */
  async obey({ id, kind, input }: Order): Promise<void> {
    const act = perform[kind] as (actor: Actor, input: unknown) => Promise<unknown>
    try {
      this.tell({ type: 'did', id, output: await act(this, input) })
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error))
      this.tell({ type: 'refused', id, name, why: message })
    }
  }

  /** What goes on ends; what is held stays held. */
  stop(): void {
    this.#stop.abort(new DOMException('told to stop', 'AbortError'))
    this.#stop = new AbortController()
  }
}

/** Events of the library may carry what cannot be sent. */
function plain(event: LockEvent): LockEvent {
  return { ...event }
}
