/**
 * The variables of a program in memory that its workers share: each load and each store is one atomic
 * step there, as in the program, and what lies between the two is not.
 */

import type { Variable } from '../../scenario'

export interface SharedVariables {
  readonly names: readonly string[]
  /** A cell for each: no program that is within its limits can count beyond 32 bits. */
  readonly cells: Int32Array<SharedArrayBuffer>
}

/** `undefined` for a program that has none: it needs no memory. */
export function shareVariables(variables: readonly Variable[]): SharedVariables | undefined {
  if (variables.length === 0) return undefined
  const cells = new Int32Array(new SharedArrayBuffer(4 * variables.length))
  for (const [at, { initial }] of variables.entries()) Atomics.store(cells, at, initial)
  return { names: variables.map(({ name }) => name), cells }
}

export function loadFrom(shared: SharedVariables | undefined, name: string): number {
  const [cells, at] = cellOf(shared, name)
  return Atomics.load(cells, at)
}

export function storeIn(shared: SharedVariables | undefined, name: string, value: number): void {
  const [cells, at] = cellOf(shared, name)
  Atomics.store(cells, at, value)
}

/** In the order in which they were declared. */
export function valuesOf(shared: SharedVariables | undefined): readonly number[] {
  return shared === undefined ? [] : shared.names.map((name) => loadFrom(shared, name))
}

function cellOf(
  shared: SharedVariables | undefined,
  name: string,
): readonly [cells: Int32Array<SharedArrayBuffer>, at: number] {
  const at = shared?.names.indexOf(name) ?? -1
  if (shared === undefined || at < 0) throw new TypeError(`no variable is called "${name}"`)
  return [shared.cells, at]
}
