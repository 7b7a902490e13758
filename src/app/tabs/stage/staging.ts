/** The participants of the page: opened, listened to, ended; what they do is drawn from here. */

import {
  epochNow,
  type FromActor,
  type Participant,
  type ParticipantState,
  Stage,
  type StageOptions,
} from '../../../perform/tabs'
import { Track } from '../lanes/track'
import type { Settings } from '../settings'

export type StageState =
  | { readonly kind: 'none' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'open' }
  | { readonly kind: 'failed'; readonly why: string }

export interface ActorShown {
  readonly name: string
  readonly state: ParticipantState
  /** What it did: changed in place. */
  readonly track: Track
}

export interface StagingNews {
  readonly stage: (state: StageState) => void
  readonly actors: (actors: readonly ActorShown[]) => void
  /** Something was done. */
  readonly ticked: () => void
  /** Whatever it told, once it is drawn. */
  readonly told: (participant: number, message: FromActor) => void
}

export interface Staging {
  /**
   * Opens what the settings say, after whatever is there has gone. To be called by the handler of a
   * click: tabs are opened before anything is awaited. Rejects with what could not be opened.
   */
  readonly open: (settings: Settings) => Promise<void>
  /** What `open` answered, unless nobody is there any more. */
  readonly ready: () => Promise<void> | undefined
  readonly close: () => void
  readonly participants: () => readonly Participant[]
  /** What all lock names of the stage begin with. */
  readonly name: () => Promise<string>
}

/** What the staging needs from outside. */
export interface StagingWorld {
  readonly openStage: (
    options: StageOptions,
  ) => Pick<Stage, 'participants' | 'opened' | 'close' | 'name'>
  readonly host: () => HTMLElement
}

export const realWorld = (host: () => HTMLElement): StagingWorld => ({
  openStage: (options) => new Stage(options),
  host,
})

export function staging({ openStage, host }: StagingWorld, news: StagingNews): Staging {
  let current: ReturnType<StagingWorld['openStage']> | undefined
  let opening: Promise<void> | undefined
  let actors: readonly ActorShown[] = []
  const show = (next: readonly ActorShown[]) => {
    actors = next
    news.actors(next)
  }
  const become = (at: number, state: ParticipantState) => {
    const actor = actors[at]
    if (!actor) return
    // Others may have had the lock before this page heard of the crash.
    if (state.kind !== 'here') actor.track.cut(state.kind === 'crashed' ? state.at : epochNow())
    show(actors.map((each, place) => (place === at ? { ...each, state } : each)))
  }
  const hear = (at: number, message: FromActor) => {
    if (message.type === 'events') {
      for (const event of message.events) actors[at]?.track.add(event)
      news.ticked()
    }
    news.told(at, message)
  }
  const end = () => {
    const stage = current
    current = undefined
    opening = undefined
    stage?.close()
  }
  const open = async ({ count, where, over }: Settings): Promise<void> => {
    let stage: typeof current
    const mine = () => stage !== undefined && current === stage
    news.stage({ kind: 'opening' })
    try {
      stage = openStage({
        count,
        mechanism: over,
        into: where === 'frames' ? host() : undefined,
        onState: (at, state) => mine() && become(at, state),
        onTold: (at, message) => mine() && hear(at, message),
      })
      current = stage
      show(stage.participants.map(({ name, state }) => ({ name, state, track: new Track() })))
      await stage.opened()
      if (mine()) news.stage({ kind: 'open' })
    } catch (error) {
      // Whoever closed it meanwhile knows.
      if (stage !== undefined && current !== stage) throw error
      end()
      show([])
      const why = error instanceof Error ? error.message : String(error)
      news.stage({ kind: 'failed', why })
      throw error
    }
  }
  const someoneIsThere = () =>
    current?.participants.some(({ state: { kind } }) => kind === 'here' || kind === 'opening')
  return {
    participants: () => current?.participants ?? [],
    name: () => current?.name ?? Promise.reject(new Error('nobody is there')),
    open: (settings) => {
      end()
      opening = open(settings)
      return opening
    },
    ready: () => (someoneIsThere() ? opening : undefined),
    close: () => {
      end()
      show([])
      news.stage({ kind: 'none' })
    },
  }
}
