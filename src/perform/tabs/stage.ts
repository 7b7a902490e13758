/** All participants of the Tabs page, and their common end. */

import { createLocks } from '../../locks'
import { TabError } from '../tab-greeting'
import { type ClaimedStage, claimStage } from './claim-stage'
import { forgetLogs } from './logs'
import { Participant, type ParticipantState } from './participant'
import type { FromActor, StageMechanism } from './protocol'

export interface StageOptions {
  /** From 1 to `mostParticipants`. */
  readonly count: number
  readonly mechanism: StageMechanism
  /** Where frames are put; tabs are opened where there is none. */
  readonly into: HTMLElement | undefined
  /** Of a page that calls `hostActor`; default `participant.html`, beside this page. */
  readonly address?: string | undefined
  readonly onState: (participant: number, state: ParticipantState) => void
  readonly onTold: (participant: number, message: FromActor) => void
}

export const mostParticipants = 8

export class Stage {
  readonly participants: readonly Participant[]
  readonly #claim: Promise<ClaimedStage>
  readonly #end = new AbortController()

  /** Opens all of them, to be called by the handler of a click, before anything is awaited. */
  constructor(options: StageOptions) {
    const { count, into, mechanism, address = 'participant.html' } = options
    if (!Number.isInteger(count) || count < 1 || count > mostParticipants) {
      const range = `a whole number from 1 to ${mostParticipants}`
      throw new RangeError(`count must be ${range}, got ${count}`)
    }
    const word = into === undefined ? 'Tab' : 'Frame'
    this.#claim = claimStage(createLocks())
    const stage = this.#claim.then(({ name }) => name)
    stage.catch(() => {})
    const { signal } = this.#end
    this.participants = Array.from({ length: count }, (_, at) => {
      const name = `${word} ${at + 1}`
      const onState = (state: ParticipantState) => options.onState(at, state)
      const onTold = (message: FromActor) => options.onTold(at, message)
      return new Participant({ address, name, stage, mechanism, into, signal, onState, onTold })
    })
  }

  /** What all lock names begin with. */
  get name(): Promise<string> {
    return this.#claim.then(({ name }) => name)
  }

  /** Resolves when all can lock. Rejects when one of them cannot; then nothing of the stage is left. */
  async opened(): Promise<void> {
    try {
      await this.#claim
      await Promise.all(this.participants.map((each) => each.opened()))
    } catch (error) {
      await this.close()
      const { length } = this.participants
      throw length > 1 && error instanceof TabError && error.code === 'blocked' ? several : error
    }
  }

  /** Resolves once nothing of it is left, as far as that can be told in 5 s. */
  async close(): Promise<void> {
    this.#end.abort(new DOMException('the stage was closed', 'AbortError'))
    await Promise.allSettled(this.participants.map((each) => each.close()))
    const claim = await this.#claim.catch(() => undefined)
    if (claim === undefined) return
    // Whoever uses the name next opens its logs after that, whenever they are gone.
    forgetLogs(claim.name)
    claim.release()
  }
}

const several = new TabError(
  'blocked',
  'The browser did not let this page open all of its tabs. Allow pop-ups for this site, by the sign that it shows beside the address or in its settings, and try again; or take frames, which need no permission.',
)
