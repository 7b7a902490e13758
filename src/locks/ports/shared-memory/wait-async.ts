/** Waiting for a word without blocking, where the engine can: not in Firefox before 145. */

import type { Words } from './words'

/** As `Atomics.waitAsync`; a promise that never resolves keeps no Node process alive. */
export type WaitAsync = (
  words: Words,
  index: number,
  value: number,
) =>
  | { readonly async: false; readonly value: unknown }
  | { readonly async: true; readonly value: Promise<unknown> }

/** TypeScript knows it from ES2024 on. */
interface AtomicsWithWaitAsync {
  readonly waitAsync?: (
    words: Int32Array<SharedArrayBuffer>,
    index: number,
    value: number,
  ) => ReturnType<WaitAsync>
}

/** The engine's own, or `null` where it has none. */
export function waitAsyncOn(buffer: SharedArrayBuffer): WaitAsync | null {
  const atomics = Atomics as AtomicsWithWaitAsync
  if (atomics.waitAsync === undefined) return null
  const array = new Int32Array(buffer)
  return (_words, index, value) => atomics.waitAsync?.(array, index, value) ?? gone
}

const gone = { async: false, value: 'not-equal' } as const
