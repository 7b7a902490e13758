/**
 * What a scenario may be: small enough to be seen on one screen, played on real workers and
 * carried in a link. The text form reports the same limits with their place in the text.
 */

import type { Scenario } from './scenario'

export const limits = {
  threads: 12,
  /** Sections of all threads together. */
  sections: 50,
  /** The latest end of a section that never had to wait, in ms. */
  time: 60_000,
  /** Characters of a thread's name. */
  name: 40,
  /** Characters of the title. */
  title: 120,
} as const

const lineBreak = /[\n\r\u2028\u2029]/
/** Half of a surrogate pair, which no encoding can carry. */
const halfCharacter = /\p{Surrogate}/u

/** Why `name` cannot be a thread's name, as the end of a sentence; `undefined` if it can. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'is empty'
  if (name.trim() !== name) return 'begins or ends with a space'
  if (lineBreak.test(name)) return 'has a line break in it'
  if (halfCharacter.test(name)) return 'has half a character in it'
  if (name.includes(':')) return 'has a colon in it'
  if (/^(#|\/\/)/.test(name)) return 'begins like a comment'
  if (name.length > limits.name) return `is longer than ${limits.name} characters`
  return undefined
}

/** The same for a title, which may be empty. */
export function titleProblem(title: string): string | undefined {
  if (title.trim() !== title) return 'begins or ends with a space'
  if (lineBreak.test(title)) return 'has a line break in it'
  if (halfCharacter.test(title)) return 'has half a character in it'
  if (title.length > limits.title) return `is longer than ${limits.title} characters`
  return undefined
}

/**
 * Throws a `RangeError` that names what is wrong with a scenario that did not come from its
 * text form. A scenario that passes can be printed, linked and played to its end.
 */
export function assertScenario(scenario: Scenario): void {
  const { title, threads } = scenario
  const problem = titleProblem(title)
  if (problem) fail(`title ${quote(title)} ${problem}`)
  if (threads.length === 0) fail('a scenario needs a thread')
  if (threads.length > limits.threads) fail(`${threads.length} threads; at most ${limits.threads}`)
  const names = new Set<string>()
  for (const { name, sections } of threads) {
    const problem = nameProblem(name)
    if (problem) fail(`thread name ${quote(name)} ${problem}`)
    if (names.has(name)) fail(`two threads are called ${quote(name)}`)
    names.add(name)
    if (sections.length === 0) fail(`${name} has no section`)
    let earliest = 0
    for (const { mode, at, hold } of sections) {
      if (mode !== 'read' && mode !== 'write') fail(`${name}: mode ${quote(mode)}`)
      if (!Number.isInteger(at) || at < earliest) {
        fail(`${name}: at ${at} must be whole milliseconds, no earlier than ${earliest}`)
      }
      if (!Number.isInteger(hold) || hold < 1) {
        fail(`${name}: hold ${hold} must be whole milliseconds, at least 1`)
      }
      if (at + hold > limits.time) fail(`${name}: ${at} + ${hold} is later than ${limits.time}`)
      earliest = at
    }
  }
  const count = threads.reduce((sum, thread) => sum + thread.sections.length, 0)
  if (count > limits.sections) fail(`${count} sections; at most ${limits.sections}`)
}

function fail(why: string): never {
  throw new RangeError(`not a scenario: ${why}`)
}

function quote(value: unknown): string {
  return JSON.stringify(value) ?? String(value)
}
