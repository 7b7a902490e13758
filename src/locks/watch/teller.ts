/**
 * Tells those who watch what this agent holds and waits for: all of it, whenever that has changed.
 *
 * It hears of the next thing that happens, once, and looks a moment later: so it costs the locks
 * nothing between two looks, however much happens there. Nothing is posted where nothing has changed,
 * and nothing is kept while nobody watches.
 */

import { agentEntries } from '../agent-entries'
import { noBus } from '../ports/bus'
import { clientIdOf } from '../ports/client-id'
import type { Space } from '../space'
import { lockOf } from './names'
import { Pace } from './pace'
import {
  cut,
  forgotten,
  type Here,
  leastEvery,
  longestName,
  longestText,
  mostEvery,
  mostParties,
  type Party,
  type RawParty,
  readQuestion,
  type Told,
  type Unwatch,
  type Watch,
} from './protocol'
import { type Listed, survey } from './raw-use'
import { title } from './title'

/** So many are told. */
const mostWatchers = 100

/** Somebody in another agent who watches. */
interface Audience {
  /** In ms. */
  readonly every: number
  /** When it is forgotten if it does not ask again, by the steady clock. */
  readonly until: number
}

/** Whoever watches in this very agent, where the bus carries nothing. */
export interface OwnAudience {
  readonly every: () => number
  hear(told: Told): void
}

export class Teller {
  readonly #others = new Map<string, Audience>()
  #own: OwnAudience | undefined
  #told: Told | undefined
  /** What was told last, to see whether it has changed. */
  #text = ''
  #client: Promise<string> | undefined
  #knownClient = ''
  #raw: readonly RawParty[] = []
  #surveying = false
  #stopHearing: (() => void) | undefined
  readonly #pace: Pace

  constructor(readonly space: Space) {
    const every = () => {
      const own = this.#own?.every() ?? mostEvery
      return Math.min(own, ...[...this.#others.values()].map((each) => each.every))
    }
    this.#pace = new Pace(space.clock, every, () => this.#look())
  }

  /** Listens for questions. Nobody is told anything before. */
  open(): void {
    this.space.ports.strict.bus.listen((message) => {
      const question = readQuestion(message)
      if (question !== undefined && question.watcher !== this.space.agent) this.#hear(question)
    })
  }

  /** Somebody else asks, or has stopped. */
  #hear(question: Watch | Unwatch): void {
    const { watcher } = question
    if (question.type === 'unwatch') {
      this.#others.delete(watcher)
      this.#tidy()
      return
    }
    const isNew = !this.#others.has(watcher)
    if (isNew && this.#others.size >= mostWatchers) return
    const every = Math.min(Math.max(question.every, leastEvery), mostEvery)
    this.#others.set(watcher, { every, until: this.space.clock.now() + forgotten })
    if (isNew || question.fresh) this.#text = ''
    // Timers of hidden pages are late: what is due is told now. It answers in any case.
    const before = this.#told?.revision
    this.#pace.now()
    if (this.#told?.revision === before) this.#here()
    if (!this.#surveying) this.survey().catch(() => {})
  }

  /** Somebody here wants to hear what others hear of this agent. */
  listen(own: OwnAudience): () => void {
    this.#own = own
    this.#text = ''
    this.#pace.now()
    return () => {
      if (this.#own === own) this.#own = undefined
      this.#tidy()
    }
  }

  /** What the mechanism lists, and by that who else uses it in this page or worker. */
  async survey(): Promise<readonly Listed[]> {
    this.#surveying = true
    try {
      const { strict } = this.space.ports
      if (strict.bus === noBus) return []
      this.#client ??= clientIdOf(strict).catch(() => '')
      this.#knownClient = cut(await this.#client, longestText)
      const found = await survey(this.space, this.#knownClient, this.#raw)
      // What has just come may be a question of our own, gone by now.
      const [before, first] = [texts(this.#raw), texts(found.raw)]
      const isNews = [...first].some((each) => !before.has(each))
      const again = isNews ? await survey(this.space, this.#knownClient, found.raw) : found
      this.#raw = again.raw.filter((each) => first.has(JSON.stringify(each)))
      if (this.#isWatched) this.#pace.soon()
      return again.listed
    } finally {
      this.#surveying = false
    }
  }

  get #isWatched(): boolean {
    return this.#own !== undefined || this.#others.size > 0
  }

  #look(): void {
    const now = this.space.clock.now()
    for (const [watcher, { until }] of this.#others) {
      if (until < now) this.#others.delete(watcher)
    }
    this.#tidy()
    if (!this.#isWatched) return
    this.#stopHearing ??= this.space.next(() => {
      this.#stopHearing = undefined
      this.#pace.soon()
    })
    this.#tell()
  }

  #tell(): void {
    const content = this.#content()
    const text = JSON.stringify(content)
    if (text === this.#text) return
    this.#text = text
    const revision = (this.#told?.revision ?? 0) + 1
    this.#told = { latchkey: 1, type: 'told', agent: this.space.agent, revision, ...content }
    if (this.#others.size > 0) this.space.ports.strict.bus.post(this.#told)
    this.#own?.hear(this.#told)
  }

  #here(): void {
    const { agent, ports } = this.space
    const revision = this.#told?.revision ?? 0
    ports.strict.bus.post({ latchkey: 1, type: 'here', agent, revision } satisfies Here)
  }

  #content() {
    const parties: Party[] = []
    let omitted = 0
    for (const info of agentEntries(this.space)) {
      const name = lockOf(info.name)
      if (name === undefined) continue
      if (parties.length >= mostParties) {
        omitted++
        continue
      }
      const { held, mode, task, since, fence, permits, site } = info
      parties.push({
        ...{ name, held, mode, task: cut(task, longestText), since },
        ...(fence === undefined ? {} : { fence }),
        ...(permits === undefined ? {} : { permits }),
        ...(site === undefined ? {} : { site: cut(site, longestName) }),
      })
    }
    return { client: this.#knownClient, title: title(), parties, raw: this.#raw, omitted }
  }

  /** Nothing is kept, and nothing heard, while nobody watches. */
  #tidy(): void {
    if (this.#isWatched) return
    this.#pace.stop()
    this.#stopHearing?.()
    this.#stopHearing = undefined
    this.#text = ''
  }
}

function texts(raw: readonly RawParty[]): ReadonlySet<string> {
  return new Set(raw.map((each) => JSON.stringify(each)))
}

/** Those who watch are answered for as long as the agent lives: once it has opened its locks. */
export function tellerOf(space: Space): Teller {
  if (space.teller === undefined) {
    space.teller = new Teller(space)
    if (space.opened) space.teller.open()
  }
  return space.teller
}
