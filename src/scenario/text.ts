/**
 * The readable form of a scenario, one line a thread, and its parser, which reports every
 * error with its place. `parseScenario(printScenario(s))` gives `s` again.
 *
 *     # Seven seconds
 *     Reader 1: read at 1s for 3s, read at 6s for 1s
 *     Writer 1: write at 2s for 1s
 *
 * A `#` on the first line is the title; other lines that begin with `#` or `//` are comments
 * and are not kept.
 */

import { parseDuration, printDuration } from './duration'
import { limits, nameProblem, titleProblem } from './limits'
import type { Scenario, Section, SectionMode, Thread } from './scenario'

export interface TextError {
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units as editors count. */
  readonly column: number
  /** Of what is wrong; at least 1, also where something is missing. */
  readonly length: number
  /** One sentence: what was found and what was expected. */
  readonly message: string
}

export type ParseResult =
  | { readonly kind: 'ok'; readonly scenario: Scenario }
  /** In the order of the text; never empty. */
  | { readonly kind: 'broken'; readonly errors: readonly TextError[] }

/** Longer texts are refused unread. */
const maxLength = 20_000

export function printScenario({ title, threads }: Scenario): string {
  const lines = threads.map(({ name, sections }) => {
    const list = sections.map(
      ({ mode, at, hold }) => `${mode} at ${printDuration(at)} for ${printDuration(hold)}`,
    )
    return `${name}: ${list.join(', ')}`
  })
  return `${[...(title ? [`# ${title}`] : []), ...lines].join('\n')}\n`
}

export function parseScenario(text: string): ParseResult {
  if (text.length > maxLength) {
    const message = `The text has ${text.length} characters; at most ${maxLength} are read.`
    return { kind: 'broken', errors: [{ line: 1, column: 1, length: 1, message }] }
  }
  const errors: TextError[] = []
  const threads: Thread[] = []
  const names = new Map<string, number>()
  let title = ''
  let sections = 0
  let begun = false

  text.split(/\r\n|[\n\r\u2028\u2029]/).forEach((source, index) => {
    const line = index + 1
    const report: Report = (column, length, message) => {
      errors.push({ line, column, length: Math.max(1, length), message: sentence(message) })
    }
    const trimmed = source.trim()
    if (trimmed === '') return
    const first = !begun
    begun = true
    if (trimmed.startsWith('#') || trimmed.startsWith('//')) {
      if (!first || !trimmed.startsWith('#')) return
      title = trimmed.slice(1).trim()
      const problem = titleProblem(title)
      if (problem) report(1, source.length, `the title ${problem}`)
      return
    }
    const thread = parseThread(source, report)
    const column = source.length - source.trimStart().length + 1
    const before = names.get(thread.name)
    if (before !== undefined) {
      const message = `"${thread.name}" is already the thread of line ${before}; names must differ`
      report(column, thread.name.length, message)
    } else if (thread.name !== '') {
      names.set(thread.name, line)
    }
    threads.push(thread)
    if (threads.length === limits.threads + 1) {
      report(column, trimmed.length, `at most ${limits.threads} threads can be played`)
    }
    if (sections <= limits.sections && sections + thread.sections.length > limits.sections) {
      report(column, trimmed.length, `at most ${limits.sections} sections in all can be played`)
    }
    sections += thread.sections.length
  })

  if (threads.length === 0 && errors.length === 0) {
    const message = 'There is no thread yet: write a line such as "Reader 1: read at 1s for 3s".'
    errors.push({ line: 1, column: 1, length: 1, message })
  }
  if (errors.length === 0) return { kind: 'ok', scenario: { title, threads } }
  return { kind: 'broken', errors: errors.sort((a, b) => a.line - b.line || a.column - b.column) }
}

type Report = (column: number, length: number, message: string) => void

function parseThread(source: string, report: Report): Thread {
  const colon = source.indexOf(':')
  const named = colon < 0 ? source : source.slice(0, colon)
  const name = named.trim()
  const column = named.length - named.trimStart().length + 1
  if (colon < 0) {
    report(column, name.length, `expected a thread's name and a colon, found "${short(name)}"`)
    return { name, sections: [] }
  }
  const problem = nameProblem(name)
  if (name === '') report(1, colon + 1, 'expected a name before the colon, found nothing')
  else if (problem) report(column, name.length, `the name "${short(name)}" ${problem}`)
  return { name, sections: parseSections(source, colon + 1, report) }
}

function parseSections(source: string, from: number, report: Report): Section[] {
  if (source.slice(from).trim() === '') {
    report(from, 1, 'expected a section such as "read at 1s for 3s" after the colon, found nothing')
    return []
  }
  const sections: Section[] = []
  let start = from
  let earliest = 0
  for (const part of source.slice(from).split(',')) {
    const section = parseSection(part, start, report)
    if (section && section.at < earliest) {
      const place = start + part.toLowerCase().indexOf('at') + 1
      const at = `${printDuration(section.at)} comes before ${printDuration(earliest)}`
      report(place, 2, `a thread's sections stand in the order of their times, but ${at}`)
    }
    if (section) {
      earliest = Math.max(earliest, section.at)
      sections.push(section)
    }
    start += part.length + 1
  }
  return sections
}

/** `start` is the part's offset in its line. */
function parseSection(part: string, start: number, report: Report): Section | undefined {
  const words = [...part.matchAll(/\S+/g)].map((match) => ({
    text: match[0],
    column: start + match.index + 1,
  }))
  // Where something is missing: on the character before, so that the squiggle can be seen.
  const end = start + part.trimEnd().length
  const expect = (at: number, what: string): string | undefined => {
    const word = words[at]
    if (word) return word.text
    report(Math.max(1, end), 1, `expected ${what}, found ${words.length ? 'the end' : 'nothing'}`)
    return undefined
  }
  const wrong = (at: number, message: string): undefined => {
    const word = words[at]
    report(word?.column ?? end, word?.text.length ?? 1, message)
    return undefined
  }
  const keyword = (at: number, word: string): boolean => {
    const text = expect(at, `"${word}" and a time`)
    if (text === undefined) return false
    if (text.toLowerCase() === word) return true
    wrong(at, `expected "${word}" and a time, found "${short(text)}"`)
    return false
  }
  const time = (at: number): number | undefined => {
    const text = expect(at, 'a time such as 500ms or 1.5s')
    if (text === undefined) return undefined
    const result = parseDuration(text)
    return result.kind === 'ok' ? result.ms : wrong(at, result.why)
  }

  const mode = expect(0, '"read" or "write"')?.toLowerCase()
  if (mode === undefined) return undefined
  if (!isMode(mode)) {
    return wrong(0, `expected "read" or "write", found "${short(words[0]?.text ?? '')}"`)
  }
  if (!keyword(1, 'at')) return undefined
  const at = time(2)
  if (at === undefined || !keyword(3, 'for')) return undefined
  const hold = time(4)
  if (hold === undefined) return undefined
  if (words.length > 5) {
    return wrong(
      5,
      `expected a comma or the end of the line, found "${short(words[5]?.text ?? '')}"`,
    )
  }
  if (hold < 1) return wrong(4, 'a section lasts at least 1ms')
  if (at > limits.time) return wrong(2, tooLate(words[2]?.text))
  if (at + hold > limits.time) return wrong(4, tooLate(words[4]?.text))
  return { mode, at, hold }
}

function tooLate(word = ''): string {
  return `${short(word)} goes beyond ${printDuration(limits.time)}, where a scenario ends`
}

function isMode(word: string): word is SectionMode {
  return word === 'read' || word === 'write'
}

function short(text: string): string {
  return text.length > 30 ? `${text.slice(0, 29)}…` : text
}

function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`
}
