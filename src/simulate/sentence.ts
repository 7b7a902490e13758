/** Sentences with names in code type, made so that a thread's name can never be markup. */

import type { Clause } from './algorithm'
import type { Segment, Sentence, ThreadId } from './types'

/**
 * Tags a template: `{readerCount}` in its own words becomes code; what is interpolated stays
 * text, whatever is in it.
 */
export function say(strings: TemplateStringsArray, ...values: (string | number)[]): Sentence {
  const segments: Segment[] = []
  strings.forEach((words, index) => {
    words.split(/\{([^}]*)\}/).forEach((text, odd) => {
      append(segments, { kind: odd % 2 ? 'code' : 'text', text })
    })
    append(segments, { kind: 'text', text: String(values[index] ?? '') })
  })
  return segments
}

export function clauseOf(told: Clause | Sentence): Clause {
  return 'sentence' in told ? told : { sentence: told }
}

/** The clauses of one operation at one instant as a paragraph that begins with its time. */
export function paragraph(time: number, clauses: readonly Clause[]): Sentence {
  const parts = clauses.map(({ sentence, lead }, index) =>
    lead && index < clauses.length - 1 ? lead : sentence,
  )
  const segments: Segment[] = [{ kind: 'strong', text: `Second ${time / 1000}.` }]
  for (const part of parts) {
    append(segments, { kind: 'text', text: ' ' })
    for (const segment of part) append(segments, segment)
  }
  return segments
}

/** Neighbours of one kind become one, so that a sentence has one form only. */
function append(segments: Segment[], { kind, text }: Segment): void {
  const last = segments.at(-1)
  if (text === '') return
  if (last?.kind === kind) segments[segments.length - 1] = { kind, text: last.text + text }
  else segments.push({ kind, text })
}

/** `1 reader`, `2 readers` */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`
}

/** `Reader 1`, `Reader 1 and Reader 2`, `Reader 1, Reader 2 and Reader 3` */
export function names(threads: readonly ThreadId[]): string {
  if (threads.length < 2) return threads[0] ?? 'nobody'
  return `${threads.slice(0, -1).join(', ')} and ${threads.at(-1)}`
}
