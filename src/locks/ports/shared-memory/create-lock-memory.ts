/** Makes the memory that locks of reach `cluster` stand on, and knows it again. */

import { refuse } from '../../arguments'
import { UnsupportedError } from '../../errors'
import { cell, header, leastLength, magic, planLayout, version } from './layout'
import { AtomicWords, type Words } from './words'

export interface LockMemoryOptions {
  /**
   * Its size, a multiple of 64. Default 1 MiB: about 15,000 holds and waits, or half as many if
   * each is for a name of its own. Needs 64 bytes for each of them, 64 for each short name in
   * use, and nothing for idle ones.
   */
  readonly bytes?: number | undefined
}

const defaultBytes = 2 ** 20
const leastBytes = leastLength * 4
/** What fits an Int32Array of every engine. */
const mostBytes = 2 ** 30

/**
 * The memory for `createLocks({ reach: 'cluster', memory })`. One agent makes it and hands it to
 * the others, who exclude each other by it: workers of a page, frames and windows of its origin,
 * threads of a Node process. Hand it over with `postMessage` or as `workerData`.
 *
 * @throws RangeError for an impossible size
 * @throws UnsupportedError where there is no `SharedArrayBuffer`
 * @example
 * const memory = createLockMemory()
 * worker.postMessage({ memory })
 * const locks = createLocks({ reach: 'cluster', memory })
 */
export function createLockMemory({ bytes }: LockMemoryOptions = {}): SharedArrayBuffer {
  const size = bytes ?? defaultBytes
  if (typeof size !== 'number') refuse('bytes', 'be a number', bytes)
  if (!(size >= leastBytes && size <= mostBytes && size % (cell.width * 4) === 0)) {
    const must = `be a multiple of ${cell.width * 4} between ${leastBytes} and ${mostBytes}`
    refuse('bytes', must, bytes, RangeError)
  }
  if (typeof SharedArrayBuffer === 'undefined')
    throw new UnsupportedError(`createLockMemory() needs ${whyNoSharedMemory}`)
  const buffer = new SharedArrayBuffer(size)
  initialise(new AtomicWords(buffer), crypto.getRandomValues(new Int32Array(2)))
  return buffer
}

export const whyNoSharedMemory =
  'SharedArrayBuffer, which only isolated pages have: serve the page over https with the headers ' +
  "'Cross-Origin-Opener-Policy: same-origin' and 'Cross-Origin-Embedder-Policy: require-corp'"

/** Writes an empty table; the magic number comes last. */
export function initialise(words: Words, id: ArrayLike<number>): void {
  const { agents, buckets, firstCell, cells } = planLayout(words.length)
  words.store(header.version, version)
  words.store(header.length, words.length)
  words.store(header.idHigh, id[0] ?? 0)
  words.store(header.idLow, id[1] ?? 0)
  words.store(header.agents, agents)
  words.store(header.buckets, buckets)
  for (let i = 0; i < cells - 1; i++) {
    const at = firstCell + i * cell.width
    words.store(at + cell.free, at + cell.width)
  }
  words.store(header.free, firstCell)
  words.store(header.magic, magic)
}

/**
 * @throws TypeError for anything but a memory of `createLockMemory`
 * @throws UnsupportedError for one of another version of this library
 */
export function checkLockMemory(memory: unknown): asserts memory is SharedArrayBuffer {
  // By what it says of itself: one of another realm is as good.
  const isShared = Object.prototype.toString.call(memory) === '[object SharedArrayBuffer]'
  if (!isShared) refuse('memory', 'be a SharedArrayBuffer of createLockMemory()', memory)
  const buffer = memory as SharedArrayBuffer
  const looksRight = buffer.byteLength >= leastBytes && buffer.byteLength % 4 === 0
  const words = looksRight ? new AtomicWords(buffer) : undefined
  if (words?.load(header.magic) !== magic) {
    throw new TypeError(
      'memory must be made by createLockMemory(): this SharedArrayBuffer holds something else',
    )
  }
  const theirs = words.load(header.version)
  if (theirs !== version) {
    throw new UnsupportedError(
      `memory has layout ${theirs}, this copy of Latchkey knows ${version}: use one version of the library`,
    )
  }
  if (words.load(header.length) !== words.length) {
    throw new TypeError('memory must be the whole of what createLockMemory() made')
  }
}

/** The id of a memory, in hexadecimal digits: names what belongs to it, such as its bus. */
export function memoryId(words: Words): string {
  return [header.idHigh, header.idLow].map((at) => hexadecimal(words.load(at))).join('')
}

export function hexadecimal(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}
