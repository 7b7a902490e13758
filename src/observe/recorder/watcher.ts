/**
 * Looks on while locks are used, for as little as that can cost: a pair of lock and unlock takes less
 * time than to read a clock once. So:
 *
 * - what was granted at once has waited 0, and is only counted;
 * - a clock is read for the first few acquisitions of each ms (the ms is known: the mechanism has
 *   written down when it granted), and for all that are sampled. A loop that takes and releases
 *   faster than that is a burst. Of its other holds it is known that no ms has passed: they count as
 *   long as the last one that was measured, and their number is stated (`unmeasured`);
 * - a burst is over when the event loop turns, so that nothing that waits for anything is taken for
 *   short. What remains is a hold that computes for longer than 1 ms without a turn, after some
 *   others in the same ms: it is taken for one of them.
 */

import type { Clock } from '../../locks/clock'
import type { LockEvent, LockEventType } from '../../locks/events'
import type { Recorder } from '../../locks/space'
import type { TaskHold } from '../../locks/task-hold'
import { Ledger } from '../blame'
import { otherLocks } from '../lock-tally'
import type { ContentionRecord, LockRecord } from '../recording'
import { eventsOf, Note, Sample, type Turn } from './sample'
import { SampleStore } from './sample-store'
import { type Watched, WatchedLocks } from './watched'

/** How many acquisitions of one ms are timed. To read a fine clock twice for each is 0.3 % of it. */
const timedEachMs = 4

/** ms: a thread that may block says so before it is known whether it has to. */
const leastBlocked = 0.1

/** ms: a mechanism that answers every request later takes some of that for its answer alone. */
const leastAlone = 1

export class Watcher implements Recorder {
  readonly #locks = new WatchedLocks()
  #ledger = new Ledger()
  #way: unknown
  #watched: Watched
  /** The ms of the latest grant, and how many more may be timed in it. */
  #ms = -1
  #left = 0
  /**
   * The same ms in a burst, when no more may be timed and nobody waits who is sampled: to whoever is
   * granted or gives back in it, there is nothing to do but to count. Else -1.
   */
  #burst = -1
  /** What the next turn of the event loop is written into, if anybody waits for it. */
  #turn: Turn | undefined
  /** How many more until one is sampled. */
  #until = 0
  #places = 0
  /** What is noted of all that wait and are not timed. */
  readonly #waitsUntimed = new Note(this)
  readonly #waitsAlone = new Note(this)
  readonly #samples: SampleStore
  /** Those that have not ended. */
  readonly #open = new Set<Sample>()
  /** How many who are sampled wait. */
  #sampledWaits = 0

  /**
   * @param sample one in so many is recorded whole
   * @param capacity how many of these are kept
   * @param holders who holds a lock now
   * @param late whether the mechanism answers every request later, also one for a free lock
   */
  constructor(
    readonly clock: Clock,
    readonly sample: number,
    capacity: number,
    readonly holders: (lock: string) => Iterable<TaskHold>,
    readonly late = false,
  ) {
    this.#samples = new SampleStore(capacity)
    this.#watched = this.#locks.of(otherLocks, 'exclusive')
    this.#waitsUntimed.waits = true
    this.#waitsAlone.waits = true
    this.#waitsAlone.alone = true
    this.#drawNext()
  }

  hears(what: LockEventType, hold: TaskHold, details?: object): void {
    // Written out, for these are the only lines that run for each of millions a second.
    if (what === 'grant') {
      const watched = hold.way === this.#way ? this.#watched : this.#watchedOf(hold)
      watched.grants++
      if (hold.noted === undefined && hold.grantedAt === this.#burst && --this.#until > 0) return
      this.#grants(watched, hold)
    } else if (what === 'release') {
      const watched = hold.way === this.#way ? this.#watched : this.#watchedOf(hold)
      watched.releases++
      if (hold.noted === undefined && hold.grantedAt === this.#burst) return
      this.#leaves(watched, hold, what)
    } else this.#endsOtherwise(what, hold, details)
  }

  waits(hold: TaskHold, blocks = false): void {
    const watched = this.#watchedOf(hold)
    const since = blocks ? this.clock.coarse() : (hold.more.waitsSince ?? this.clock.coarse())
    const alone = this.late && !watched.lock.isInTheWayOf(hold.mode)
    watched.waiting++
    if (watched.waiting > watched.mostWaiting) watched.mostWaiting = watched.waiting
    if (this.#drawn()) this.#sampleWaits(watched, this.#sampled(hold), blocks, alone)
    else if (blocks || this.#affords(since)) {
      const note = new Note(this)
      note.asked = this.clock.now()
      note.waits = true
      note.blocks = blocks
      note.alone = alone
      hold.noted = note
    } else hold.noted = alone ? this.#waitsAlone : this.#waitsUntimed
  }

  #sampleWaits(watched: Watched, sample: Sample, blocks: boolean, alone: boolean): void {
    sample.waits = true
    sample.blocks = blocks
    sample.alone = alone
    this.#sampledWaits++
    this.#burst = -1
    sample.standing = watched.lock.begin(sample.asked, () => this.holders(watched.name))
  }

  /** It waited or was held already when this began to look. */
  finds(hold: TaskHold): void {
    const watched = this.#watchedOf(hold)
    if (hold.isHeld) watched.findsHeld()
    if (!hold.isWaiting) return
    hold.noted = this.#waitsUntimed
    watched.waiting++
  }

  #watchedOf(hold: TaskHold): Watched {
    const { way } = hold
    if (way !== this.#way) {
      this.#way = way
      this.#watched = this.#locks.of(way.name, way.mode)
    }
    return this.#watched
  }

  #noteOf({ noted }: TaskHold): Note | undefined {
    const note = noted as Note | undefined
    return note !== undefined && note.by === this ? note : undefined
  }

  /** Whether another acquisition of this ms may be timed. */
  #affords(ms: number): boolean {
    if (ms !== this.#ms) {
      this.#ms = ms
      this.#left = timedEachMs
      this.#burst = -1
    }
    if (this.#left > 0) {
      this.#left--
      return true
    }
    if (this.#turn === undefined) this.#awaitTurn()
    if (this.#sampledWaits === 0) this.#burst = ms
    return false
  }

  #awaitTurn(): Turn {
    const turn = { at: -1 }
    this.#turn = turn
    this.clock.soon(() => {
      this.#turn = undefined
      this.#ms = -1
      this.#burst = -1
      turn.at = this.clock.now()
    })
    return turn
  }

  /** Whether this one is sampled. */
  #drawn(): boolean {
    return --this.#until <= 0
  }

  /** At random, as Go's profiles: a loop over a hundred keys would always show the same one. */
  #drawNext(): void {
    this.#until = 1 + Math.floor(Math.random() * (2 * this.sample - 1))
  }

  #sampled(hold: TaskHold): Sample {
    this.#drawNext()
    const sample = new Sample(this, hold)
    hold.noted = sample
    sample.asked = this.clock.now()
    sample.askedPlace = this.#places++
    this.#open.add(sample)
    return sample
  }

  #grants(watched: Watched, hold: TaskHold): void {
    const note = hold.noted === undefined ? undefined : this.#noteOf(hold)
    if (note?.waits) this.#waited(watched, hold, note)
    else if (this.#until <= 0 || this.#drawn()) this.#grantsSample(this.#sampled(hold))
    else if (this.#affords(hold.grantedAt)) {
      const timed = new Note(this)
      timed.granted = this.clock.now()
      hold.noted = timed
    }
    if (this.#sampledWaits > 0) this.#enters(watched, hold)
  }

  /** At once. */
  #grantsSample(sample: Sample): void {
    sample.granted = sample.asked
    this.#granted(sample)
  }

  #granted(sample: Sample): void {
    sample.grantedPlace = this.#places++
    sample.turn = this.#turn ?? this.#awaitTurn()
  }

  #enters({ lock }: Watched, hold: TaskHold): void {
    if (!lock.matters) return
    const { granted = -1 } = this.#noteOf(hold) ?? {}
    lock.enter(hold, granted >= 0 ? granted : this.clock.now())
  }

  #waited(watched: Watched, hold: TaskHold, note: Note): void {
    const { asked } = note
    watched.waiting--
    if (asked < 0) {
      hold.noted = undefined
      const wait = hold.grantedAt - (hold.more.waitsSince ?? hold.grantedAt)
      if (isContended(note, wait)) watched.tally.contended++
      // Within one ms, in a burst.
      if (wait > 0) watched.tally.wait.record(wait)
      else watched.burstWaits++
      return
    }
    note.granted = this.clock.now()
    const wait = Math.max(0, note.granted - asked)
    const contended = isContended(note, wait)
    watched.waited(wait)
    if (contended) watched.tally.contended++
    if (!(note instanceof Sample)) return
    this.#charge(watched, note, contended ? wait : 0, note.granted)
    this.#granted(note)
  }

  #charge(watched: Watched, sample: Sample, wait: number, time: number): void {
    const { standing, hold } = sample
    if (standing === undefined) return
    const { name: lock, mode } = watched
    const shares = watched.lock.end(standing, time)
    this.#sampledWaits--
    sample.standing = undefined
    if (wait === 0) return
    // Each that is sampled stands for as many.
    const [contentions, delay] = [this.sample, wait * this.sample]
    const charge = (record: ContentionRecord) => this.#ledger.charge(record)
    charge({ charged: 'waiter', lock, mode, site: hold.site, contentions, delay })
    for (const [{ mode, site }, share] of shares) {
      charge({ charged: 'releaser', lock, mode, site, contentions, delay: delay * share })
    }
  }

  /** A hold ends. */
  #leaves(watched: Watched, hold: TaskHold, how: LockEventType, details?: object): void {
    const note = this.#noteOf(hold)
    let now: number | undefined
    if (note !== undefined && note.granted >= 0) {
      now = this.clock.now()
      watched.held(Math.max(0, now - note.granted))
      if (note instanceof Sample) this.#ends(note, how, now, details)
    } else if (hold.grantedAt !== this.#ms) {
      watched.held(Math.max(0, this.clock.coarse() - hold.grantedAt))
    }
    if (!watched.lock.matters) return
    // A reader may leave others behind; what a writer leaves is passed on, to somebody who is timed.
    if (watched.mode === 'shared') now ??= this.clock.now()
    watched.lock.leave(hold, now)
  }

  #ends(sample: Sample, how: LockEventType, now: number, details: object | undefined): void {
    this.#samples.add(sample, how, now, this.#places++, details)
    this.#open.delete(sample)
    // Else it lives as long as the acquisition, which is kept.
    sample.hold.noted = undefined
  }

  #endsOtherwise(what: LockEventType, hold: TaskHold, details?: object): void {
    const reported = details !== undefined && 'goesOn' in details
    if (what === 'order-violation' || what === 'not-held' || reported) {
      this.#tells(what, hold, details)
      return
    }
    const watched = this.#watchedOf(hold)
    watched.tally.ends(what)
    if (what === 'lost') {
      this.#leaves(watched, hold, what, details)
      return
    }
    const note = this.#noteOf(hold) ?? (this.#drawn() ? this.#sampled(hold) : undefined)
    if (note?.waits) watched.waiting--
    if (!(note instanceof Sample)) return
    const now = note.waits ? this.clock.now() : note.asked
    const wait = Math.max(0, now - note.asked)
    this.#charge(watched, note, isContended(note, wait) ? wait : 0, now)
    this.#ends(note, what, now, hold.more.details)
  }

  /** What ends nothing, and happens rarely, is kept also of those that are not sampled. */
  #tells(what: LockEventType, hold: TaskHold, details?: object): void {
    const known = this.#noteOf(hold)
    const [time, place] = [this.clock.now(), this.#places++]
    if (known instanceof Sample) {
      known.others ??= []
      known.others.push({ type: what, time, place, details })
    } else this.#samples.add(new Sample(this, hold), what, time, place, details)
  }

  /** Counts and histograms, since the watch began or was cleared. */
  records(): readonly LockRecord[] {
    return [...this.#locks].map((watched) => watched.record())
  }

  contention(): readonly ContentionRecord[] {
    return this.#ledger.records()
  }

  /** @param ended only of acquisitions that have come to their end */
  events(agent: string, origin: number, ended = false): readonly LockEvent[] {
    const open = [...this.#open].map((sample) => ({ hold: sample.hold, steps: sample.steps() }))
    return eventsOf([...this.#samples, ...(ended ? [] : open)], agent, origin)
  }

  get dropped(): number {
    return this.#samples.dropped
  }

  /** The most who waited for a lock at once since this was asked last, by lock. */
  *queues(): Generator<{ readonly lock: string; readonly waiting: number }> {
    for (const watched of this.#locks) {
      const { name: lock, mostWaiting: waiting } = watched
      watched.mostWaiting = watched.waiting
      if (waiting > 0) yield { lock, waiting }
    }
  }

  /** Counts from nothing again. What is held or waited for now goes on. */
  clear(): void {
    this.#way = undefined
    this.#locks.clear()
    this.#ledger = new Ledger()
    this.#samples.clear()
  }
}

/** Whether a wait had somebody in its way, as far as that is known. */
function isContended({ blocks, alone }: Note, wait: number): boolean {
  if (blocks) return wait > leastBlocked
  return !alone || wait > leastAlone
}
