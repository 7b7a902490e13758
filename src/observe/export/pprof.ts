/**
 * Contention as a gzipped pprof profile, with the sample types of Go's mutex profile, for
 * `go tool pprof` and everything else that reads its profiles. Message and field numbers are those of
 * github.com/google/pprof/blob/main/proto/profile.proto; only fields 1 to 14 of `Profile` are
 * written, which readers of every age know.
 */

import { UnsupportedError } from '../../locks/errors'
import type { ContentionRecord, Recording } from '../recording'
import { type ChargeOptions, checkCharged, checkRecording } from './arguments'
import { frameOf } from './call-site-frame'
import { wellFormed } from './plain-text'
import { Message } from './protobuf'
import { lockName } from './slices'

/**
 * Writes a profile of who made others wait, and for how long: `contentions/count` and
 * `delay/nanoseconds`. A stack is the call site, if call sites were recorded, and above it the lock
 * with its mode. Each sample is labelled `lock` and `mode`, so that `-tagfocus=lock=cart` selects one.
 *
 * @param options `charged: 'waiter'` writes who waited instead, as Go's block profile does
 * @returns a gzipped profile, for a file that ends in `.pb.gz`
 * @throws TypeError, RangeError (reject) for what is no recording; UnsupportedError (rejects) where
 *   there is no `CompressionStream`
 * @example
 * const recorder = record(locks, { sample: 1 })
 * await cart.run(async () => { await save() })
 * const profile = await pprof(recorder.recording())   // for locks.mutex.pb.gz
 * recorder.stop()
 * @see https://github.com/google/pprof/blob/main/proto/profile.proto
 */
export async function pprof(
  recording: Recording,
  options: ChargeOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  checkRecording(recording)
  const charged = checkCharged(options)
  if (typeof CompressionStream === 'undefined') {
    throw new UnsupportedError(
      'pprof() needs CompressionStream: Chrome 80, Firefox 113, Safari 16.4',
    )
  }
  const bytes = new ProfileWriter().write(recording, charged)
  const gzipped = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(gzipped).arrayBuffer())
}

const nanosInMilli = 1e6

class ProfileWriter {
  readonly #profile = new Message()
  /** Texts are referred to by their index; the first must be empty. */
  readonly #texts = new Map<string, number>([['', 0]])
  /** One location for each line of each function, by both. */
  readonly #locations = new Map<string, number>()
  readonly #functions = new Map<string, number>()

  write(recording: Recording, charged: ContentionRecord['charged']): Uint8Array<ArrayBuffer> {
    const { from, to, sample, dropped } = recording
    const [contentions, delay] = [
      this.#type('contentions', 'count'),
      this.#type('delay', 'nanoseconds'),
    ]
    this.#profile.message(1, contentions).message(1, delay)
    for (const row of recording.contention) {
      if (row.charged === charged && row.contentions > 0) this.#sample(row)
    }
    // Says that functions, files and lines are known, so that no reader looks for a binary.
    const mapping = new Message().int(1, 1).int(5, this.#text('latchkey'))
    this.#profile.message(3, mapping.int(7, 1).int(8, 1).int(9, 1))
    this.#profile
      .int(9, nanos(from))
      .int(10, nanos(to - from))
      .message(11, this.#type('contentions', 'count'))
      // It may come from a file, and this is written as a whole number.
      .int(12, Math.max(1, Math.round(sample)))
      .int(13, this.#text(`waiting charged to the ${charged}, estimated from one in ${sample}`))
    if (dropped > 0) this.#profile.int(13, this.#text(`${dropped} events had to make room`))
    this.#profile.int(14, this.#text('delay'))
    for (const text of this.#texts.keys()) this.#profile.text(6, text)
    return this.#profile.bytes()
  }

  #sample({ lock, mode, site, contentions, delay }: ContentionRecord): void {
    const frames = [this.#location(lockName({ lock, mode }))]
    if (site !== undefined) {
      const { name, file, line } = frameOf(site)
      frames.push(this.#location(name, file, line))
    }
    const label = (key: string, value: string) =>
      new Message().int(1, this.#text(key)).int(2, this.#text(value))
    const sample = new Message()
      .ints(1, frames)
      .ints(2, [Math.round(contentions), nanos(delay)])
      .message(3, label('lock', lock))
      .message(3, label('mode', mode))
    this.#profile.message(2, sample)
  }

  #location(name: string, file = '', line = 0): number {
    return numbered(this.#locations, JSON.stringify([name, file, line]), (id) => {
      const place = new Message().int(1, this.#function(name, file)).int(2, line)
      this.#profile.message(4, new Message().int(1, id).int(2, 1).message(4, place))
    })
  }

  #function(name: string, file: string): number {
    return numbered(this.#functions, JSON.stringify([name, file]), (id) => {
      // No system name: pprof takes one that equals the name for C++ and strips what is in brackets.
      const named = new Message().int(1, id).int(2, this.#text(name))
      this.#profile.message(5, named.int(4, this.#text(file)))
    })
  }

  #type(type: string, unit: string): Message {
    return new Message().int(1, this.#text(type)).int(2, this.#text(unit))
  }

  #text(text: string): number {
    const known = wellFormed(text)
    const index = this.#texts.get(known) ?? this.#texts.size
    this.#texts.set(known, index)
    return index
  }
}

/** The number of `key`, from 1 on; `write` is called for a new one. */
function numbered(known: Map<string, number>, key: string, write: (id: number) => void): number {
  const id = known.get(key)
  if (id !== undefined) return id
  const next = known.size + 1
  known.set(key, next)
  write(next)
  return next
}

/** A number of nanoseconds since the epoch is beyond what a double counts by ones. */
function nanos(ms: number): bigint {
  return BigInt(Math.round(Math.max(0, ms) * nanosInMilli))
}
