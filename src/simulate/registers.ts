/** Pieces of the view of a lock's inside that every algorithm shows alike. */

import type { Holder } from './algorithm'
import type { Chip, NumberPart, RegisterView, ThreadId } from './types'

export function numberView(name: string, value: number, note: string): RegisterView {
  const text = signed(value)
  return { kind: 'number', name, value, note, text, parts: [part(text)] }
}

/** With a minus as it is set, not the hyphen of code. */
export function signed(value: number): string {
  return `${value}`.replace('-', '−')
}

/** A number that has had 2³⁰ taken off, as the sum that it is: `2 − 2³⁰`. */
export function offsetView(name: string, value: number, note: string): RegisterView {
  if (value >= 0) return numberView(name, value, note)
  const rest = value + 2 ** 30
  const parts = [
    part(`${rest === 0 ? '' : `${rest} `}−${rest === 0 ? '' : ' '}2`),
    part('30', true),
  ]
  return { kind: 'number', name, value, note, text: offsetText(value), parts }
}

export function offsetText(value: number): string {
  if (value >= 0) return `${value}`
  const rest = value + 2 ** 30
  return rest === 0 ? '−2³⁰' : `${rest} − 2³⁰`
}

export function threadsView(name: string, chips: readonly Chip[], note = ''): RegisterView {
  return { kind: 'threads', name, chips, note }
}

export function waitingChips(threads: readonly ThreadId[]): Chip[] {
  return threads.map((thread) => ({ thread, kind: 'waiting', text: thread }))
}

function holderChips(holders: readonly Holder[]): Chip[] {
  return holders.map(({ thread, mode }) => ({
    thread,
    kind: mode === 'read' ? 'reading' : 'writing',
    text: `${thread} · ${mode}`,
  }))
}

/** Who holds the lock, by the grants and releases that have been: no algorithm's own word. */
export function heldBy(holders: readonly Holder[]): RegisterView {
  return threadsView('held by', holderChips(holders))
}

function part(text: string, raised = false): NumberPart {
  return { text, raised }
}
