/**
 * Looks on while locks are used, for as little as that can cost: a pair of lock and unlock takes less
 * time than to read a clock once. So:
 *
 * - what was granted at once has waited 0, and is only counted;
 * - a clock is read for the first 16 acquisitions of each ms (the ms is known: the mechanism has
 *   written down when it granted), and for all that are sampled. A loop that takes and releases
 *   faster than that is a burst. Of its other holds it is known that no ms has passed: they count as
 *   long as the next one that is measured, and their number is stated (`unmeasured`);
 * - a burst is over when the event loop turns, so that nothing that waits for anything is taken for
 *   short. What remains is a hold that computes for longer than 1 ms without a turn, after more than
 *   16 others in the same ms: it is taken for one of them.
 */

import type { Clock } from '../../locks/clock'
import type { LockEvent, LockEventType } from '../../locks/events'
import type { Recorder } from '../../locks/space'
import type { TaskHold } from '../../locks/task-hold'
import { Ledger } from '../blame'
import type { ContentionRecord, LockRecord } from '../recording'
import { Ring } from '../ring'
import { eventsOf, Sample } from './sample'
import { type Watched, WatchedLocks } from './watched'

/** How many acquisitions of one ms are timed. Two readings of a fine clock each are 1 % of it. */
const timedEachMs = 16

/** ms: a thread that may block says so before it is known whether it has to. */
const leastBlocked = 0.1

/** What is noted of an acquisition that is timed, sampled or waits. Times are the clock's, or -1. */
class Note {
  asked = -1
  granted = -1
  waits = false
  blocks = false
  sample: Sample | undefined

  constructor(readonly by: Watcher) {}
}

export class Watcher implements Recorder {
  readonly #locks = new WatchedLocks()
  #ledger = new Ledger()
  #way: unknown
  #watched: Watched | undefined
  /** The ms of the latest grant, and how many more may be timed in it. */
  #ms = -1
  #left = 0
  #turning = false
  /** How many are asked for until one is sampled. */
  #until = 0
  #places = 0
  readonly #samples: Ring<Sample>
  readonly #open = new Set<Sample>()
  /** Those that are held while the event loop has not turned. */
  readonly #fresh = new Set<Sample>()
  #dropped = 0

  constructor(
    readonly clock: Clock,
    /** One in so many is sampled. */
    readonly sample: number,
    capacity: number,
  ) {
    this.#samples = new Ring(capacity)
    this.#drawNext()
  }

  hears(what: LockEventType, hold: TaskHold, details?: object): void {
    if (what === 'request') {
      if (--this.#until <= 0) this.#sample(hold)
    } else if (what === 'grant') this.#grants(hold)
    else if (what === 'release') this.#releases(hold)
    else this.#endsOtherwise(what, hold, details)
  }

  waits(hold: TaskHold, blocks = false): void {
    const watched = this.#watchedOf(hold)
    const since = blocks ? this.clock.coarse() : (hold.more.waitsSince ?? this.clock.coarse())
    const note = this.#noteOf(hold) ?? this.#note(hold)
    if (note.asked < 0 && (blocks || this.#affords(since))) note.asked = this.clock.now()
    note.waits = true
    note.blocks = blocks
    watched.waiting++
    if (watched.waiting > watched.mostWaiting) watched.mostWaiting = watched.waiting
    if (note.sample !== undefined) note.sample.standing = watched.lock.begin(note.asked)
  }

  /** What was there before anybody looked. */
  finds(hold: TaskHold): void {
    hold.noted = undefined
    if (hold.isWaiting) this.waits(hold)
    else if (hold.isHeld) this.#holds(this.#watchedOf(hold), hold)
  }

  #watchedOf(hold: TaskHold): Watched {
    const { way } = hold
    if (way === this.#way && this.#watched !== undefined) return this.#watched
    this.#way = way
    this.#watched = this.#locks.of(way.name, way.mode)
    return this.#watched
  }

  #noteOf({ noted }: TaskHold): Note | undefined {
    const note = noted as Note | undefined
    // Another one's, which was stopped meanwhile, means nothing here.
    return note !== undefined && note.by === this ? note : undefined
  }

  #note(hold: TaskHold): Note {
    const note = new Note(this)
    hold.noted = note
    return note
  }

  /** Whether another acquisition of this ms may be timed. */
  #affords(ms: number): boolean {
    if (ms !== this.#ms) {
      this.#ms = ms
      this.#left = timedEachMs
    }
    if (this.#left > 0) {
      this.#left--
      return true
    }
    this.#awaitTurn()
    return false
  }

  #awaitTurn(): void {
    if (this.#turning) return
    this.#turning = true
    this.clock.soon(() => {
      this.#turning = false
      this.#ms = -1
      if (this.#fresh.size === 0) return
      const now = this.clock.now()
      for (const sample of this.#fresh) sample.turned = now
      this.#fresh.clear()
    })
  }

  #sample(hold: TaskHold): void {
    this.#drawNext()
    const note = this.#note(hold)
    note.asked = this.clock.now()
    note.sample = new Sample(hold)
    note.sample.step('request', note.asked, this.#places++)
    this.#open.add(note.sample)
  }

  /** At random, as Go's profiles: a loop over a hundred keys would always show the same one. */
  #drawNext(): void {
    this.#until = 1 + Math.floor(Math.random() * (2 * this.sample - 1))
  }

  #grants(hold: TaskHold): void {
    const watched = this.#watchedOf(hold)
    watched.tally.grants++
    if (hold.noted === undefined) {
      watched.immediate++
      if (this.#affords(hold.grantedAt)) this.#note(hold).granted = this.clock.now()
    } else this.#grantsNoted(watched, hold)
    this.#holds(watched, hold)
  }

  #grantsNoted(watched: Watched, hold: TaskHold): void {
    const note = this.#noteOf(hold)
    const { asked = -1, waits = false, sample } = note ?? {}
    if (note === undefined || !waits) {
      watched.immediate++
      if (note !== undefined) note.granted = asked
    } else {
      watched.waiting--
      this.#waited(watched, hold, note)
    }
    if (note === undefined || sample === undefined) return
    sample.step('grant', note.granted, this.#places++)
    this.#fresh.add(sample)
    this.#awaitTurn()
  }

  #waited(watched: Watched, hold: TaskHold, note: Note): void {
    const { asked, blocks, sample } = note
    if (asked >= 0) {
      note.granted = this.clock.now()
      const wait = Math.max(0, note.granted - asked)
      watched.waited(wait)
      const contended = !blocks || wait > leastBlocked
      if (contended) watched.tally.contended++
      const delay = contended ? wait : 0
      if (sample !== undefined) this.#charge(watched, hold, sample, delay, note.granted)
      return
    }
    watched.tally.contended++
    const wait = hold.grantedAt - (hold.more.waitsSince ?? hold.grantedAt)
    // Within one ms, in a burst.
    if (wait > 0) watched.tally.wait.record(wait)
    else watched.burstWaits++
  }

  #charge(watched: Watched, hold: TaskHold, sample: Sample, wait: number, time: number): void {
    const { standing } = sample
    if (standing === undefined) return
    const { name: lock, mode, lock: watchedLock } = watched
    const shares = watchedLock.end(standing, time)
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

  #holds(watched: Watched, hold: TaskHold): void {
    const { lock, mode } = watched
    if (mode === 'exclusive') lock.holder = hold
    else lock.readers.add(hold)
    if (lock.matters) lock.enter(hold, this.clock.now())
  }

  #releases(hold: TaskHold): void {
    const watched = this.#watchedOf(hold)
    watched.tally.releases++
    this.#leaves(watched, hold, 'release')
  }

  #leaves(watched: Watched, hold: TaskHold, how: LockEventType, details?: object): void {
    const { lock, mode } = watched
    if (mode === 'exclusive') lock.holder = undefined
    else lock.readers.delete(hold)
    const note = hold.noted === undefined ? undefined : this.#noteOf(hold)
    if (note !== undefined && note.granted >= 0) {
      const now = this.clock.now()
      watched.held(Math.max(0, now - note.granted))
      if (note.sample !== undefined) this.#ends(note.sample, how, now, ranOf(note, details))
    } else if (hold.grantedAt === this.#ms) watched.burstHolds++
    else watched.tally.hold.record(Math.max(0, this.clock.coarse() - hold.grantedAt))
    if (lock.matters) lock.leave(hold, this.clock.now())
  }

  #ends(sample: Sample, how: LockEventType, now: number, details: object | undefined): void {
    sample.step(how, now, this.#places++, details)
    this.#open.delete(sample)
    this.#fresh.delete(sample)
    this.#dropped += this.#samples.push(sample)?.size ?? 0
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
    const note = this.#noteOf(hold)
    if (note === undefined) return
    const { waits, asked, sample } = note
    if (waits) watched.waiting--
    if (sample === undefined) return
    const now = this.clock.now()
    this.#charge(watched, hold, sample, Math.max(0, now - asked), now)
    this.#ends(sample, what, now, hold.more.details)
  }

  /** What ends nothing, and happens rarely, is kept also of those that are not sampled. */
  #tells(what: LockEventType, hold: TaskHold, details?: object): void {
    const known = this.#noteOf(hold)?.sample
    const sample = known ?? new Sample(hold)
    sample.step(what, this.clock.now(), this.#places++, details)
    if (known === undefined) this.#dropped += this.#samples.push(sample)?.size ?? 0
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
    return eventsOf([...this.#samples, ...(ended ? [] : this.#open)], agent, origin)
  }

  get dropped(): number {
    return this.#dropped
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
    this.#watched = undefined
    this.#locks.clear()
    this.#ledger = new Ledger()
    this.#samples.clear()
    this.#dropped = 0
  }
}

function ranOf({ sample, granted }: Note, details: object | undefined): object | undefined {
  const turned = sample?.turned ?? -1
  return turned < 0 ? details : { ...details, ran: Math.max(0, turned - granted) }
}
