/** The page's end of one participant: what becomes of it, and what it is told to do. */

import { TabError } from '../tab-greeting'
import { ActorLink } from './actor-link'
import { openPlace, type Place, type PlaceOptions } from './open-place'
import {
  type Crashed,
  type DeedKind,
  epochNow,
  type FromActor,
  type InputOf,
  type OutputOf,
  type StageMechanism,
  type ToHost,
} from './protocol'

export type ParticipantState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'here' }
  /** Its worker was terminated, at that time (epoch ms): the page around it is still there. */
  | { readonly kind: 'crashed'; readonly at: number }
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly why: string }

export interface ParticipantOptions extends Omit<PlaceOptions, 'title'> {
  readonly name: string
  /** What the stage's lock names begin with: known a moment after tabs were opened. */
  readonly stage: Promise<string>
  readonly mechanism: StageMechanism
  readonly onState: (state: ParticipantState) => void
  readonly onTold: (message: FromActor) => void
}

export class Participant {
  readonly name: string
  readonly #options: ParticipantOptions
  #place: Promise<Place>
  #port: MessagePort | undefined
  #link = new ActorLink(() => {})
  #state: ParticipantState = { kind: 'opening' }

  /** Opens it at once: to be called by the handler of a click. */
  constructor(options: ParticipantOptions) {
    this.#options = options
    this.name = options.name
    this.#place = openPlace({ ...options, title: options.name })
    // Whoever asks for `opened` hears of it.
    this.#place.catch(() => {})
  }

  get state(): ParticipantState {
    return this.#state
  }

  /** Resolves when its worker can lock. Rejects with `TabError`, or with what the worker failed of. */
  async opened(): Promise<void> {
    await this.#settle(await this.#place)
  }

  /** Rejects with an `OrderError`. */
  order<Kind extends DeedKind>(kind: Kind, input: InputOf<Kind>): Promise<OutputOf<Kind>> {
    return this.#link.order(kind, input)
  }

  /** What goes on there ends; what is held by hand stays held. */
  stop(): void {
    this.#link.stop()
  }

  /** Its worker is terminated in the middle of whatever it does. @returns when, in epoch ms */
  async crash(): Promise<number> {
    const { tab } = await this.#place
    const crashed = new Promise<number>((resolve) => {
      const hear = ({ data }: MessageEvent<Crashed>) => {
        if (data?.type !== 'crashed') return
        tab.port.removeEventListener('message', hear)
        resolve(data.at)
      }
      tab.port.addEventListener('message', hear)
    })
    tab.port.postMessage({ type: 'crash' } satisfies ToHost)
    const at = await crashed
    this.#link.end(`${this.name} has crashed`)
    this.#become({ kind: 'crashed', at })
    return at
  }

  /** Its frame is removed, or its tab closed. @returns when, in epoch ms */
  async close(): Promise<number> {
    const at = epochNow()
    this.#become({ kind: 'closed' })
    this.#link.end(`${this.name} was closed`)
    this.#port?.close()
    const place = await this.#place.catch(() => undefined)
    await place?.close()
    return at
  }

  /** Its page is loaded anew, whatever became of it. @returns when that began, in epoch ms */
  async reload(): Promise<number> {
    const at = epochNow()
    const before = await this.#place
    this.#link.end(`${this.name} was reloaded`)
    this.#become({ kind: 'opening' })
    this.#place = before.reload()
    await this.#settle(await this.#place)
    return at
  }

  async #settle(place: Place): Promise<void> {
    const { tab } = place
    tab.gone.addEventListener('abort', () => this.#gone(place), { once: true })
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    this.#link = new ActorLink((message) => port1.postMessage(message))
    const { name, mechanism } = this.#options
    const stage = await this.#options.stage
    const ready = new Promise<void>((resolve, reject) => {
      port1.onmessage = ({ data }: MessageEvent<FromActor>) => {
        if (data.type === 'ready') resolve()
        if (data.type === 'failed') reject(new Error(data.why))
        this.#link.hear(data)
        this.#options.onTold(data)
      }
      tab.port.addEventListener('message', ({ data }: MessageEvent<FromActor>) => {
        if (data?.type === 'failed') reject(new Error(data.why))
      })
      tab.gone.addEventListener('abort', () => reject(tab.gone.reason))
    })
    tab.port.start()
    tab.port.postMessage({ type: 'hire', name, stage, mechanism } satisfies ToHost, [port2])
    try {
      await ready
      this.#become({ kind: 'here' })
    } catch (error) {
      this.#become({ kind: 'failed', why: error instanceof Error ? error.message : String(error) })
      throw error
    }
  }

  /** Closed or reloaded by somebody else, or crashed as a whole. */
  async #gone(place: Place): Promise<void> {
    const current = await this.#place.catch(() => undefined)
    const { kind } = this.#state
    if (current !== place || kind === 'opening' || kind === 'closed') return
    this.#link.end(`${this.name} has gone`)
    this.#become({ kind: 'closed' })
  }

  #become(state: ParticipantState): void {
    this.#state = state
    this.#options.onState(state)
  }
}

export const isBlocked = (error: unknown) => error instanceof TabError && error.code === 'blocked'
