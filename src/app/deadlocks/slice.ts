/** The state of the page "Deadlocks": a program, one schedule of it, and where in it we are. */

import type { StateCreator } from 'zustand'
import { type Program, parseProgram, printProgram, type Schedule } from '../../scenario'
import { firstProgram } from './catalogue/cases'
import { background } from './explore/background'
import { type Exploring, exploring, type Timing, timing } from './explore/exploration'
import { type RealPlace, type RealRunning, realRun } from './real/real-run'
import { frameOf, inTurn, runnablePart } from './run'

export const rates = [0.5, 1, 2, 4, 8] as const
export type Rate = (typeof rates)[number]

/** The picture, or the same in words. */
export type StepsView = 'lanes' | 'table'

export interface ShownProgram {
  readonly program: Program
  /** Left out: every thread steps in turn. */
  readonly schedule?: Schedule
  readonly position?: number
}

export interface Deadlocks {
  /** The last valid one: what is shown. */
  readonly program: Program
  /** The one that was chosen or linked, which editing began from. */
  readonly base: Program
  /** Who takes each step, to the end, or as far as it was chosen by hand. */
  readonly schedule: Schedule
  /** How many steps are done. */
  readonly position: number
  readonly playing: boolean
  readonly rate: Rate
  readonly view: StepsView
  readonly editing: boolean
  /** The text in the editor, as typed; `undefined`: as the program prints. */
  readonly draft: string | undefined
  /** Who looks on chooses who steps. */
  readonly choosing: boolean
  readonly exploration: Exploring
  readonly timed: Timing
  readonly real: RealRunning
  /** Where the last real run is, or was. */
  readonly realPlace: RealPlace

  readonly show: (what: ShownProgram) => void
  /** Another schedule of the same program, at a place in it; what it leaves open goes in turn. */
  readonly watch: (schedule: Schedule, position: number) => void
  readonly type: (draft: string) => void
  readonly edit: (editing: boolean) => void
  readonly setView: (view: StepsView) => void
  readonly setRate: (rate: Rate) => void
  /** A move by hand: it ends playing. */
  readonly goTo: (position: number) => void
  /** A step on while it plays, and the end of playing at the end. */
  readonly advance: () => void
  readonly play: (playing: boolean) => void
  /** What is ahead is open again; given back, the threads step in turn. */
  readonly takeOver: (choosing: boolean) => void
  /** Lets a thread take the next step; whatever else was ahead is forgotten. */
  readonly choose: (thread: number) => void
  readonly explore: () => void
  readonly cancelExploring: () => void
  /** The program with its sleeps drawn at random, many times. */
  readonly runTimed: () => void
  readonly cancelTimed: () => void
  /** The schedule that is shown, on real workers. In two tabs: to be called by a click. */
  readonly runReal: (place: RealPlace) => void
  readonly cancelReal: () => void
  readonly leave: () => void
}

export interface DeadlocksSlice {
  readonly deadlocks: Deadlocks
}

export const deadlocksSlice: StateCreator<DeadlocksSlice> = (set, get) => {
  const change = (part: Partial<Deadlocks>) =>
    set(({ deadlocks }) => ({ deadlocks: { ...deadlocks, ...part } }))
  const explorer = background((exploration: Exploring) => change({ exploration }))
  const timer = background((timed: Timing) => change({ timed }))
  const performer = background((real: RealRunning) => change({ real }))
  let seed = 0
  /** What was found out of another program is not this one's. */
  const another = (program: Program) => {
    explorer.cancel()
    timer.cancel()
    performer.cancel()
    const nothing = { kind: 'none' } as const
    return { program, playing: false, exploration: nothing, timed: nothing, real: nothing }
  }
  /** A real run is of one schedule: it does not stand beside another. */
  const anotherSchedule = (schedule: Schedule) => {
    performer.cancel()
    return { schedule, playing: false, real: { kind: 'none' } as const }
  }
  return {
    deadlocks: {
      program: firstProgram,
      base: firstProgram,
      schedule: inTurn(firstProgram),
      position: 0,
      playing: false,
      rate: 2,
      view: 'lanes',
      editing: false,
      draft: undefined,
      choosing: false,
      exploration: { kind: 'none' },
      timed: { kind: 'none' },
      real: { kind: 'none' },
      realPlace: 'workers',

      show: ({ program, schedule = inTurn(program), position = 0 }) =>
        change({
          ...another(program),
          base: program,
          schedule,
          position: Math.min(position, schedule.length),
          draft: undefined,
          choosing: false,
        }),
      watch: (schedule, position) => {
        const whole = inTurn(get().deadlocks.program, schedule)
        change({ ...anotherSchedule(whole), position, choosing: false })
      },
      type: (draft) => {
        const parsed = parseProgram(draft)
        if (parsed.kind === 'broken') return change({ draft })
        const { position, schedule } = get().deadlocks
        const kept = runnablePart(parsed.program, schedule.slice(0, position))
        change({
          ...another(parsed.program),
          draft,
          schedule: inTurn(parsed.program, kept),
          position: kept.length,
          choosing: false,
        })
      },
      edit: (editing) => change({ editing }),
      setView: (view) => change({ view }),
      setRate: (rate) => change({ rate }),
      goTo: (position) => {
        const { length } = get().deadlocks.schedule
        change({ position: Math.min(Math.max(position, 0), length), playing: false })
      },
      advance: () => {
        const { position, schedule } = get().deadlocks
        const next = Math.min(position + 1, schedule.length)
        change({ position: next, playing: next < schedule.length })
      },
      play: (playing) => {
        const { position, schedule } = get().deadlocks
        // At the end, playing means from the start.
        change({ playing, ...(playing && position >= schedule.length ? { position: 0 } : {}) })
      },
      takeOver: (choosing) => {
        const { program, schedule, position } = get().deadlocks
        const past = schedule.slice(0, position)
        change({ choosing, ...anotherSchedule(choosing ? past : inTurn(program, past)) })
      },
      choose: (thread) => {
        const { program, schedule, position } = get().deadlocks
        const past = schedule.slice(0, position)
        if (!frameOf({ program, schedule, position }).enabled.includes(thread)) return
        change({ ...anotherSchedule([...past, thread]), position: position + 1 })
      },
      explore: () => explorer.begin(exploring(get().deadlocks.program)),
      cancelExploring: () => explorer.cancel(),
      runTimed: () => timer.begin(timing(get().deadlocks.program, ++seed)),
      cancelTimed: () => timer.cancel(),
      runReal: (realPlace) => {
        const { program, schedule } = get().deadlocks
        change({ realPlace })
        performer.begin(realRun(program, schedule, realPlace))
      },
      cancelReal: () => performer.cancel(),
      leave: () => {
        explorer.cancel()
        timer.cancel()
        performer.cancel()
        change({ playing: false })
      },
    },
  }
}

/** What the editor holds. */
export const programDraftOf = ({ draft, program }: Deadlocks) => draft ?? printProgram(program)
