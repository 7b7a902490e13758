/**
 * A file for speedscope (speedscope.app): who made others wait and who waited as flame graphs, and
 * what each agent did over time. The format: speedscope.app/file-format-schema.json
 */

import type { ContentionRecord, Recording } from '../recording'
import { acquisitionsOf } from './acquisitions'
import { charges, checkRecording } from './arguments'
import { type Frame, frameOf } from './call-site-frame'
import { castOf } from './cast'
import { type Lane, lanesOf } from './lanes'
import { json, jsonLines } from './plain-text'
import { lockName, type Slice, slicesOf } from './slices'

interface SampledProfile {
  readonly type: 'sampled'
  readonly name: string
  readonly unit: 'milliseconds'
  readonly startValue: number
  readonly endValue: number
  /** Indices of frames, the outermost first. */
  readonly samples: readonly (readonly number[])[]
  readonly weights: readonly number[]
}

interface EventedProfile {
  readonly type: 'evented'
  readonly name: string
  readonly unit: 'microseconds'
  readonly startValue: number
  readonly endValue: number
  readonly events: readonly FrameEvent[]
}

interface FrameEvent {
  /** Opens or closes. */
  readonly type: 'O' | 'C'
  readonly at: number
  readonly frame: number
}

const titles: Readonly<Record<ContentionRecord['charged'], string>> = {
  releaser: 'Waiting, by who stood in the way',
  waiter: 'Waiting, by who waited',
}

/**
 * Writes a recording for speedscope. Its first profile is waiting charged to who stood in the way,
 * its second the same charged to who waited: call site, if call sites were recorded, then the lock.
 * Then comes one for each agent, over time: locks, and in them waits and holds. An agent whose
 * acquisitions overlap has several.
 *
 * @returns JSON, for a file that ends in `.speedscope.json`
 * @throws TypeError, RangeError for what is no recording
 * @example
 * const recorder = record(locks, { sample: 1 })
 * await cart.run(async () => { await save() })
 * const file = new Blob([speedscope(recorder.recording())], { type: 'application/json' })
 * recorder.stop()
 * @see https://github.com/jlfwong/speedscope/wiki/Importing-from-custom-sources
 */
export function speedscope(recording: Recording): string {
  checkRecording(recording)
  const frames = new Frames()
  const profiles = [
    ...charges.map((charged) => sampled(recording, charged, frames)),
    ...evented(recording, frames),
  ]
  return `{"$schema":"https://www.speedscope.app/file-format-schema.json","exporter":"latchkey",
"name":"Locks","activeProfileIndex":0,"shared":{"frames":${json(frames.all)}},"profiles":[
${jsonLines(profiles)}
]}
`
}

class Frames {
  readonly all: Omit<Frame, 'column'>[] = []
  readonly #indices = new Map<string, number>()

  /** The index of a frame. */
  of({ column: col, ...frame }: Frame): number {
    const key = JSON.stringify([frame, col])
    const index = this.#indices.get(key) ?? this.#indices.size
    if (index === this.all.length)
      this.all.push(col === undefined ? frame : { ...frame, ...{ col } })
    this.#indices.set(key, index)
    return index
  }
}

function sampled(
  { contention }: Recording,
  charged: ContentionRecord['charged'],
  frames: Frames,
): SampledProfile {
  const rows = contention.filter((row) => row.charged === charged && row.delay > 0)
  return {
    type: 'sampled',
    name: titles[charged],
    unit: 'milliseconds',
    startValue: 0,
    endValue: rows.reduce((sum, { delay }) => sum + delay, 0),
    samples: rows.map(({ lock, mode, site }) => {
      const inner = frames.of({ name: lockName({ lock, mode }) })
      return site === undefined ? [inner] : [frames.of(frameOf(site)), inner]
    }),
    weights: rows.map(({ delay }) => delay),
  }
}

function evented(recording: Recording, frames: Frames): readonly EventedProfile[] {
  const acquisitions = acquisitionsOf(recording)
  const endValue = acquisitions.reduce((latest, { end }) => Math.max(latest, end), 0)
  const names = new Map(
    castOf(recording).flatMap(({ agents }) => agents.map(({ agent, name }) => [agent, name])),
  )
  return lanesOf(acquisitions).map((lane) => {
    const name = `${names.get(lane.agent) || lane.agent}${lane.index > 0 ? ` (${lane.index + 1})` : ''}`
    const events = eventsOf(lane, frames)
    return { type: 'evented', name, unit: 'microseconds', startValue: 0, endValue, events }
  })
}

/** Every frame that opens closes, the innermost first. What took no time is left out. */
function eventsOf({ acquisitions }: Lane, frames: Frames): readonly FrameEvent[] {
  const events: FrameEvent[] = []
  const open: { readonly end: number; readonly frame: number }[] = []
  const closeUntil = (time: number) => {
    for (let top = open.at(-1); top !== undefined && top.end <= time; top = open.at(-1)) {
      events.push({ type: 'C', at: top.end, frame: top.frame })
      open.pop()
    }
  }
  const slices: Slice[] = acquisitions.flatMap(slicesOf).sort((a, b) => a.start - b.start)
  for (const { name, start, end } of slices) {
    if (end === start) continue
    closeUntil(start)
    const frame = frames.of({ name })
    events.push({ type: 'O', at: start, frame })
    open.push({ end, frame })
  }
  closeUntil(Number.POSITIVE_INFINITY)
  return events
}
