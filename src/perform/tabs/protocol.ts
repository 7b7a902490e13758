/**
 * The wires of the Tabs page: to each participant's page (a frame or a tab), which hires a worker,
 * and to that worker, which runs the library. Orders go to the worker, and each is answered once.
 */

import type { LockEvent, LocksView, Mechanism } from '../../locks'
import type { Counting, CountRound, Increment } from './deeds/count'
import type { Flight, Landed } from './deeds/fly'
import type { Freeze } from './deeds/freeze'
import type { Hands } from './deeds/hold'
import type { Campaign } from './deeds/lead'
import type { Leaking, LeakTrial, Probing } from './deeds/leak'
import type { Jobs } from './deeds/permits'
import type { Serving, Wrote } from './deeds/serve'
import type { Tried, Trying } from './deeds/try'

/** Over what the participants lock: IndexedDB, too, where there are Web Locks. */
export type StageMechanism = Extract<Mechanism, 'web-locks' | 'indexed-db'>

export interface Setup {
  readonly type: 'setup'
  /** How people call the participant: also the name of its tasks. */
  readonly name: string
  /** All lock names of the stage begin with it. */
  readonly stage: string
  readonly mechanism: StageMechanism
}

/** Everything a participant can be told to do: what it needs to know, and what it answers. */
export interface Deeds {
  readonly hold: { readonly input: Hands; readonly output: { readonly fence: number | undefined } }
  readonly release: { readonly input: undefined; readonly output: undefined }
  /** Keeps its thread busy: nothing else is done or answered meanwhile. */
  readonly freeze: { readonly input: Freeze; readonly output: undefined }
  readonly count: { readonly input: Counting; readonly output: CountRound }
  readonly leak: { readonly input: LeakTrial; readonly output: Leaking }
  readonly try: { readonly input: Trying; readonly output: Tried }
  /** Goes on until told to stop. */
  readonly campaign: { readonly input: Campaign; readonly output: undefined }
  readonly resign: { readonly input: undefined; readonly output: undefined }
  readonly work: { readonly input: Jobs; readonly output: undefined }
  readonly fly: { readonly input: Flight; readonly output: Landed }
  /** Goes on until told to stop. */
  readonly serve: { readonly input: Serving; readonly output: undefined }
  /** Whether the lock of a leak trial can be had now. */
  readonly probe: { readonly input: LeakTrial; readonly output: Probing }
}

export type DeedKind = keyof Deeds
export type InputOf<Kind extends DeedKind> = Deeds[Kind]['input']
export type OutputOf<Kind extends DeedKind> = Deeds[Kind]['output']

export type Order = {
  readonly [Kind in DeedKind]: {
    readonly type: 'order'
    readonly id: number
    readonly kind: Kind
    readonly input: InputOf<Kind>
  }
}[DeedKind]

export type ToActor = Setup | Order | { readonly type: 'stop' }

export type FromActor =
  | { readonly type: 'ready'; readonly mechanism: Mechanism }
  | { readonly type: 'events'; readonly events: readonly LockEvent[] }
  /** Who holds and who waits, as this participant sees all of the stage. */
  | { readonly type: 'view'; readonly view: LocksView }
  | { readonly type: 'increment'; readonly increment: Increment }
  | { readonly type: 'wrote'; readonly wrote: Wrote }
  | { readonly type: 'did'; readonly id: number; readonly output: unknown }
  | { readonly type: 'refused'; readonly id: number; readonly name: string; readonly why: string }
  | { readonly type: 'failed'; readonly why: string }

/** To the participant's page, with a port to the worker that it is to hire. */
export interface Hire extends Omit<Setup, 'type'> {
  readonly type: 'hire'
}

export type ToHost = Hire | { readonly type: 'crash' }

/** The worker was terminated, at that time (epoch ms, of the host's clock). */
export interface Crashed {
  readonly type: 'crashed'
  readonly at: number
}

export const epochNow = () => performance.timeOrigin + performance.now()
