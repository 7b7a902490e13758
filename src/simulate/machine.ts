/**
 * Runs an algorithm's lines, one thread and one line at a time, without any notion of time:
 * whoever calls chooses who goes next. States are immutable plain data.
 */

import { type Algorithm, acquires, type Effect, type Holder, modeOf } from './algorithm'
import type { OperationId, ThreadId } from './types'

/** A thread in the midst of an operation. */
export interface Frame {
  readonly operation: OperationId
  /** The line that runs next. */
  readonly line: number
  readonly local: number
  /** The queue it is parked on. */
  readonly parked: string | null
  /** Its first line has run: the lock has been asked for, or given back. */
  readonly begun: boolean
}

export interface MachineState<Memory = unknown> {
  readonly memory: Memory
  readonly frames: Readonly<Record<ThreadId, Frame>>
  /** In the order of the grants; a thread that holds twice is here twice. */
  readonly holders: readonly Holder[]
}

export type MachineEvent = 'request' | 'grant' | 'refuse' | 'release'

export interface Advance<Memory = unknown> {
  readonly state: MachineState<Memory>
  readonly line: number
  readonly effect: Effect<Memory>
  readonly event?: MachineEvent
  /** Parked threads that can run again, in the order in which they were woken. */
  readonly woken: readonly ThreadId[]
}

export function initial<Memory>(algorithm: Algorithm<Memory>): MachineState<Memory> {
  return { memory: algorithm.memory, frames: {}, holders: [] }
}

/** Puts a thread before the first line of an operation. It must not be in one. */
export function begin<Memory>(
  state: MachineState<Memory>,
  thread: ThreadId,
  operation: OperationId,
): MachineState<Memory> {
  if (state.frames[thread]) throw new Error(`${thread} is in an operation already`)
  const frame: Frame = { operation, line: 0, local: 0, parked: null, begun: false }
  return { ...state, frames: { ...state.frames, [thread]: frame } }
}

/** The threads that can run their next line. */
export function runnable(state: MachineState): ThreadId[] {
  return Object.keys(state.frames).filter((thread) => state.frames[thread]?.parked === null)
}

/** Runs one line of `thread`, which must be in an operation and not parked. */
export function advance<Memory>(
  algorithm: Algorithm<Memory>,
  state: MachineState<Memory>,
  thread: ThreadId,
): Advance<Memory> {
  const frame = state.frames[thread]
  const line = frame && algorithm.operations[frame.operation][frame.line]
  if (!frame || !line || frame.parked !== null) throw new Error(`${thread} has no line to run`)
  const { operation } = frame
  const effect = line.run(state.memory, thread, frame.local)
  const event = eventOf(frame, effect)
  const woken = (effect.wake ?? []).filter((id) => typeof state.frames[id]?.parked === 'string')

  const { [thread]: _, ...others } = state.frames
  const frames: Record<ThreadId, Frame> = { ...others }
  for (const id of woken) {
    const waiting = frames[id]
    if (waiting) frames[id] = { ...waiting, parked: null }
  }
  if (!effect.end) {
    frames[thread] = {
      operation,
      line: effect.go ?? frame.line + 1,
      local: effect.local ?? frame.local,
      parked: effect.park ?? null,
      begun: true,
    }
  }
  return {
    state: {
      memory: effect.memory ?? state.memory,
      frames,
      holders: holdersAfter(state.holders, thread, operation, event),
    },
    line: frame.line,
    effect,
    ...(event && { event }),
    woken,
  }
}

function eventOf(frame: Frame, effect: Effect<unknown>): MachineEvent | undefined {
  if (!frame.begun) return acquires(frame.operation) ? 'request' : 'release'
  if (effect.end === 'granted') return 'grant'
  if (effect.end === 'refused') return 'refuse'
  return undefined
}

function holdersAfter(
  holders: readonly Holder[],
  thread: ThreadId,
  operation: OperationId,
  event: MachineEvent | undefined,
): readonly Holder[] {
  const mode = modeOf(operation)
  if (event === 'grant') return [...holders, { thread, mode }]
  if (event !== 'release') return holders
  const at = holders.findIndex((holder) => holder.thread === thread && holder.mode === mode)
  if (at < 0) throw new Error(`${thread} does not hold the lock to ${mode}`)
  return holders.toSpliced(at, 1)
}
