/** Brings the recordings of all agents together, on the clock of the one who asks. */

import { checkNumber, checkOptions, refuse } from '../locks/arguments'
import type { Clock } from '../locks/clock'
import { type Bus, broadcastBus } from '../locks/ports/bus'
import { remember } from '../locks/remember'
import { type ClockOffset, estimateOffset, type Ping, pingCount } from './clock-offset'
import { merge } from './merge'
import type { AgentRecord, Recording } from './recording'

export interface CollectOptions {
  /** Gives up when it aborts; rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined
  /**
   * ms: the longest wait for others. Who has not answered by then is left out, with a gap of the
   * kind `silent` if it is known to be there; so is who answers what is no recording, as another
   * release may. Default 2,000.
   */
  readonly timeout?: number | undefined
}

/** The wire. `latchkey` is its version: messages of another one are ignored. */
type Message =
  /** Who records this reach, and what does your clock show? */
  | { readonly type: 'ping'; readonly reach: string; readonly round: number }
  | {
      readonly type: 'pong'
      readonly round: number
      readonly agent: AgentRecord
      readonly time: number
    }
  | { readonly type: 'give'; readonly reach: string }
  | { readonly type: 'given'; readonly agent: string; readonly recording: Recording }
  /** It records no more. */
  | { readonly type: 'bye'; readonly agent: string }

type Sent = Message & { readonly latchkey: 1; readonly id: string }

/** ms: for who is there at all, and for those who are known to be. */
const firstRound = 100
const laterRound = 50

/** So many who were there are remembered, to tell when one is silent. */
const remembered = 1_000

/** What others may want to know of a recorder. */
export interface Recorded {
  readonly reach: string
  readonly clock: Clock
  now(): number
  agent(): AgentRecord
  recording(): Recording
}

interface Other {
  readonly agent: AgentRecord
  readonly pings: Ping[]
  /** The latest round that it has answered. */
  round: number
  recording?: Recording
  /** What it gave is no recording, of this release at least: there is nothing to wait for any more. */
  bad?: true
}

/** One recorder among those of other agents: it answers their questions, and may ask its own. */
export class Peers {
  readonly #own: Recorded
  readonly #bus: Bus
  readonly #stopListening: () => void
  /** Who was there, and when. */
  readonly #seen = new Map<string, { readonly agent: AgentRecord; readonly at: number }>()

  constructor(own: Recorded, bus: Bus = broadcastBus('latchkey observe')) {
    this.#own = own
    this.#bus = bus
    this.#stopListening = bus.listen((data) => {
      const message = read(data)
      if (message !== undefined) this.#answer(message)
    })
  }

  stop(): void {
    const { agent } = this.#own.agent()
    this.#post('', { type: 'bye', agent })
    this.#stopListening()
  }

  #post(id: string, message: Message): void {
    this.#bus.post({ latchkey: 1, id, ...message } satisfies Sent)
  }

  #answer(message: Sent): void {
    const { id, type } = message
    const own = this.#own
    if (type === 'bye') this.#seen.delete(message.agent)
    if ((type !== 'ping' && type !== 'give') || message.reach !== own.reach) return
    const agent = own.agent()
    if (type === 'ping') {
      this.#post(id, { type: 'pong', round: message.round, agent, time: own.now() })
    } else {
      this.#post(id, { type: 'given', agent: agent.agent, recording: own.recording() })
    }
  }

  async collect(options: CollectOptions = {}): Promise<Recording> {
    checkOptions(options)
    const { signal, timeout = 2_000 } = options
    checkNumber('timeout', timeout, 0, 2 ** 31 - 1)
    if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
      refuse('signal', 'be an AbortSignal', signal)
    }
    signal?.throwIfAborted()
    const others = await this.#ask(signal, timeout)
    const { agent } = this.#own.agent()
    const parts = [...others.values()].filter((other) => other.agent.agent !== agent)
    const silent = this.#silence(parts)
    const own = this.#own.recording()
    const mine = { ...own, agents: [...own.agents, ...silent] }
    return merge([mine, ...parts.flatMap((other) => this.#placed(other))])
  }

  async #ask(signal: AbortSignal | undefined, timeout: number): Promise<Map<string, Other>> {
    const { clock, reach } = this.#own
    const id = Math.random().toString(36).slice(2)
    const others = new Map<string, Other>()
    const sent: number[] = []
    let heard = () => {}
    const stopListening = this.#bus.listen((data) => {
      const received = this.#own.now()
      const message = read(data)
      if (message?.id !== id) return
      hear(message, others, sent, received)
      heard()
    })
    // Until all are done, or for so long.
    const until = (done: (other: Other) => boolean, least: boolean, ms: number) =>
      new Promise<void>((resolve, reject) => {
        signal?.throwIfAborted()
        const end = (settle: () => void) => {
          stopTimer()
          signal?.removeEventListener('abort', abort)
          settle()
        }
        const abort = () => end(() => reject(signal?.reason))
        const stopTimer = clock.after(ms, () => end(resolve))
        signal?.addEventListener('abort', abort)
        heard = () => {
          if (!least && [...others.values()].every(done)) end(resolve)
        }
        heard()
      })
    try {
      const deadline = this.#own.now() + timeout
      const left = (most: number) => Math.max(0, Math.min(most, deadline - this.#own.now()))
      for (let round = 0; round < pingCount; round++) {
        sent.push(this.#own.now())
        this.#post(id, { type: 'ping', reach, round })
        const first = round === 0
        await until((other) => other.round >= round, first, left(first ? firstRound : laterRound))
      }
      this.#post(id, { type: 'give', reach })
      await until((other) => other.bad ?? other.recording !== undefined, false, left(timeout))
    } finally {
      heard = () => {}
      stopListening()
    }
    return others
  }

  /** Those who are known to be there and did not say what they recorded, or not so that it is understood. */
  #silence(parts: readonly Other[]): readonly AgentRecord[] {
    const now = this.#own.now()
    const gave = new Set(
      parts.flatMap(({ agent, recording }) => (recording === undefined ? [] : [agent.agent])),
    )
    const known = new Map(
      [...this.#seen].map(([name, { agent, at }]) => [name, { agent, from: at }]),
    )
    for (const { agent } of parts) {
      if (!known.has(agent.agent)) known.set(agent.agent, { agent, from: now })
    }
    const silent = [...known.values()].filter(({ agent }) => !gave.has(agent.agent))
    for (const name of gave) {
      const agent = parts.find((other) => other.agent.agent === name)?.agent
      if (agent !== undefined) remember(this.#seen, name, { agent, at: now }, remembered)
    }
    // Told once: it may be gone for good.
    for (const { agent } of silent) this.#seen.delete(agent.agent)
    return silent.map(({ agent, from }) => ({
      ...agent,
      gaps: [...agent.gaps, { from, to: now, why: 'silent' }],
    }))
  }

  #placed({ agent, pings, recording }: Other): readonly Recording[] {
    if (recording === undefined) return []
    const { resolution } = this.#own.agent()
    const found = estimateOffset(pings, Math.max(resolution, agent.resolution))
    return [moved(recording, found)]
  }
}

function hear(
  message: Sent,
  others: Map<string, Other>,
  sent: readonly number[],
  received: number,
): void {
  if (message.type === 'pong') {
    const { agent, round, time } = message
    const other = others.get(agent.agent) ?? { agent, pings: [], round: -1 }
    others.set(agent.agent, other)
    other.round = Math.max(other.round, round)
    const at = sent[round]
    if (at !== undefined) other.pings.push({ sent: at, answered: time, received })
  } else if (message.type === 'given') {
    const other = others.get(message.agent)
    if (other === undefined) return
    if (isSound(message.recording)) other.recording = message.recording
    else other.bad = true
  }
}

/** Another agent's recording on our clock. */
function moved(recording: Recording, { offset, error }: ClockOffset): Recording {
  return {
    ...recording,
    from: recording.from - offset,
    to: recording.to - offset,
    events: recording.events.map((event) => ({ ...event, time: event.time - offset })),
    agents: recording.agents.map((agent) => ({
      ...agent,
      offset: agent.offset - offset,
      uncertainty: agent.uncertainty + error,
      gaps: agent.gaps.map((gap) => ({ ...gap, from: gap.from - offset, to: gap.to - offset })),
    })),
  }
}

/** Whether it can be merged, and comes out as numbers: it may be of another release. */
function isSound(recording: Recording): boolean {
  try {
    const { format, version, contention } = recording
    if (format !== 'latchkey-recording' || version !== 1) return false
    if (!contention.every(({ delay, contentions }) => delay + contentions >= 0)) return false
    return isWhole(merge([moved(recording, { offset: 0, error: 0 })]))
  } catch {
    return false
  }
}

function isWhole(data: unknown): boolean {
  return data instanceof Object ? Object.values(data).every(isWhole) : !Number.isNaN(data)
}

function read(data: unknown): Sent | undefined {
  const message = data as Sent | null | undefined
  if (typeof message !== 'object' || message?.latchkey !== 1) return undefined
  if (message.type === 'pong') {
    const { agent, time } = message
    if (!Array.isArray(agent?.gaps) || typeof time !== 'number') return undefined
  }
  return message
}
