/**
 * A state as a short string: two states of a program have one key exactly when they are alike in
 * all that makes a difference to what can follow. How the state came about is not in it (`steps`,
 * `since`), nor locals that no statement will store, nor what follows from the rest: `waitsFor`
 * from the queues, and who is pending from the writer inside or first in the queue.
 */

import { liveLocals } from './live'
import type { Phase, ProgramState } from './state'

const phases: readonly Phase[] = ['running', 'returning', 'throwing', 'crashed']

/** Every list is preceded by its length, so that no two states are written alike. */
export function keyOf({ plan, threads, locks, shared }: ProgramState): string {
  const codes: number[] = []
  for (const [index, { at, phase, deferred, locals, all, misuse }] of threads.entries()) {
    codes.push(at, phases.indexOf(phase), all + 1, (misuse?.statement ?? -1) + 1)
    codes.push(deferred.length, ...deferred)
    if (phase !== 'running') continue
    for (const local of liveLocals(plan, index)[at] ?? []) {
      pushNumber(codes, locals[local] ?? 0)
    }
  }
  for (const { inside, queue } of locks) {
    codes.push(inside.length, ...inside, queue.length, ...queue)
  }
  for (const value of shared) pushNumber(codes, value)
  return String.fromCharCode(...codes)
}

/** Programs cannot reach a number beyond some millions: two characters hold it. */
function pushNumber(codes: number[], value: number): void {
  const raised = value + 2 ** 29
  codes.push(raised >>> 15, raised & 0x7fff)
}
