/** The state of the page "Tabs": what is chosen, who is there, and what each scene has found out. */

import type { StateCreator } from 'zustand'
import type { CopyOutcome, CopyWay, Increment, LeakWay } from '../../perform/tabs'
import { ticker } from '../contention/live/tick'
import { background } from '../deadlocks/explore/background'
import { type Copies, noCopies, type ProfileRun, profileGuards } from './copies/copies'
import { profile } from './copies/profile'
import { tryAll } from './copies/try-all'
import { count, tryLeak } from './counter/count'
import { type Counter, type CounterRun, type GuardShown, noCounter } from './counter/counter'
import { type Blow, isLive, type Live, noLive } from './live/live'
import { liveActs } from './live/live-acts'
import type { SceneId } from './scenes'
import { firstSettings, type Settings } from './settings'
import { framesHost } from './stage/frames-host'
import { type ActorShown, realWorld, type StageState, staging } from './stage/staging'

export interface Tabs {
  readonly settings: Settings
  readonly stage: StageState
  readonly actors: readonly ActorShown[]
  /** Grows as what the participants did does: that is changed in place. */
  readonly tick: number
  readonly counter: Counter
  readonly copies: Copies
  readonly live: Live

  readonly show: (settings: Settings) => void
  readonly setScene: (scene: SceneId) => void
  /** Whoever is there for other settings goes. */
  readonly setSettings: (settings: Partial<Settings>) => void
  /** To be called by the handler of a click: tabs are opened before anything is awaited. */
  readonly open: () => void
  readonly close: () => void
  /** By hand: the participant takes the door, or asks for it. */
  readonly hold: (participant: number, mode: 'read' | 'write') => void
  readonly release: (participant: number) => void
  readonly setGuard: (guard: GuardShown['id']) => void
  readonly count: () => void
  readonly leak: (way: LeakWay) => void
  readonly tryCopies: () => void
  /** The participants begin what the scene shows, and go on by themselves. */
  readonly start: () => void
  readonly disturb: (participant: number, blow: Blow) => void
  readonly setPermits: (permits: number) => void
  readonly profileCopies: () => void
  /** Whatever runs. */
  readonly cancel: () => void
  readonly leave: () => void
}

export interface TabsSlice {
  readonly tabs: Tabs
}

/** ms between two drawings. */
const pace = 60

export const tabsSlice: StateCreator<TabsSlice> = (set, get) => {
  const change = (part: Partial<Tabs>) => set(({ tabs }) => ({ tabs: { ...tabs, ...part } }))
  const changeCounter = (part: Partial<Counter>) =>
    change({ counter: { ...get().tabs.counter, ...part } })
  const changeCopies = (part: Partial<Copies>) =>
    change({ copies: { ...get().tabs.copies, ...part } })
  const ticks = ticker(() => change({ tick: get().tabs.tick + 1 }), pace, {
    now: () => performance.now(),
    setTimeout: (then, ms) => window.setTimeout(then, ms),
    clearTimeout: (id) => window.clearTimeout(id),
  })
  const keepRun = (run: CounterRun) =>
    changeCounter({ runs: { ...get().tabs.counter.runs, [run.guard]: run } })
  const noteHit = (participant: number, increment: Increment) => {
    const { counter } = get().tabs
    const run = counter.runs[counter.guard]
    if (run) keepRun({ ...run, hits: [...run.hits, { ...increment, participant }] })
  }
  const people = staging(realWorld(framesHost), {
    stage: (stage) => change({ stage }),
    actors: (actors) => change({ actors }),
    ticked: ticks.note,
    told: (participant, message) => {
      if (message.type === 'increment') noteHit(participant, message.increment)
      else living.told(participant, message)
    },
  })
  const counting = background((doing: Counter['doing']) => changeCounter({ doing }))
  const trying = background((trying: Copies['trying']) => changeCopies({ trying }))
  const profiling = background((profiling: Copies['profiling']) => changeCopies({ profiling }))
  /** Everybody is there, sooner or later. */
  const gathered = (): Promise<void> => people.ready() ?? people.open(get().tabs.settings)
  const living = liveActs({
    people,
    gathered,
    live: () => get().tabs.live,
    change: (part) => change({ live: { ...get().tabs.live, ...part } }),
    actors: () => get().tabs.actors,
  })
  const stopRuns = () => {
    living.stop()
    counting.cancel()
    trying.cancel()
    profiling.cancel()
  }
  const dismiss = () => {
    stopRuns()
    people.close()
  }
  return {
    tabs: {
      settings: firstSettings,
      stage: { kind: 'none' },
      actors: [],
      tick: 0,
      counter: noCounter,
      copies: noCopies,
      live: noLive,

      show: (settings) => {
        dismiss()
        change({ settings, counter: noCounter, copies: noCopies, live: noLive })
      },
      setScene: (scene) => {
        if (scene === get().tabs.settings.scene) return
        stopRuns()
        change({ settings: { ...get().tabs.settings, scene }, live: noLive })
      },
      setSettings: (part) => {
        dismiss()
        change({ settings: { ...get().tabs.settings, ...part }, live: noLive })
      },
      open: () => {
        stopRuns()
        // What goes wrong is shown where it was asked for.
        people.open(get().tabs.settings).catch(() => {})
      },
      close: dismiss,
      hold: (participant, mode) => {
        // Whatever comes of it is seen in its events.
        people
          .participants()
          [participant]?.order('hold', { mode })
          .catch(() => {})
      },
      release: (participant) => {
        people
          .participants()
          [participant]?.order('release', undefined)
          .catch(() => {})
      },
      setGuard: (guard) => {
        counting.cancel()
        changeCounter({ guard })
      },
      count: () => {
        const { guard } = get().tabs.counter
        const ready = gathered()
        counting.begin(async ({ signal }) => {
          await ready
          signal.throwIfAborted()
          keepRun({ guard, hits: [] })
          const counted = await count(here(), guard, await people.name(), signal)
          const run = get().tabs.counter.runs[guard]
          if (run && !signal.aborted) keepRun({ ...run, counted })
          return undefined
        })
      },
      leak: (way) => {
        const { leaks } = get().tabs.counter
        if (leaks[way] === 'trying') return
        const put = (result: Counter['leaks'][LeakWay]) =>
          changeCounter({ leaks: { ...get().tabs.counter.leaks, [way]: result } })
        put('trying')
        gathered()
          .then(() => tryLeak(here(), way))
          .then(put, () => put(undefined))
      },
      start: () => {
        const { scene } = get().tabs.settings
        if (isLive(scene)) living.start(scene)
      },
      disturb: (participant, blow) => {
        const { scene } = get().tabs.settings
        if (isLive(scene)) living.disturb(scene, participant, blow)
      },
      setPermits: (permits) => {
        living.stop()
        change({ live: { ...noLive, permits } })
      },
      tryCopies: () => {
        changeCopies({ outcomes: {} })
        const tell = (way: CopyWay, outcome: CopyOutcome) =>
          changeCopies({ outcomes: { ...get().tabs.copies.outcomes, [way]: outcome } })
        trying.begin(async ({ signal }) => {
          await tryAll(signal, tell)
          return undefined
        })
      },
      profileCopies: () => {
        changeCopies({ profiles: {} })
        const keep = (run: ProfileRun) =>
          changeCopies({ profiles: { ...get().tabs.copies.profiles, [run.guard]: run } })
        profiling.begin(async ({ signal }) => {
          for (const guard of profileGuards) {
            const tell = (run: ProfileRun) => signal.aborted || keep(run)
            tell(await profile(guard, signal, tell))
          }
          return undefined
        })
      },
      cancel: stopRuns,
      leave: dismiss,
    },
  }

  function here() {
    return people.participants().filter(({ state }) => state.kind === 'here')
  }
}
