/** A line of a program's text while it is read: its words, and where in it something is wrong. */

import type { TextError } from './text'

interface Word {
  readonly text: string
  /** From 1. */
  readonly column: number
}

export class Line {
  readonly words: readonly Word[]
  /** Without its comment. */
  readonly #code: string
  readonly #errors: TextError[]

  constructor(
    source: string,
    /** From 1. */
    readonly number: number,
    errors: TextError[],
  ) {
    this.#code = source.replace(/#.*$/s, '')
    this.words = [...this.#code.matchAll(/\S+/g)].map((match) => ({
      text: match[0],
      column: match.index + 1,
    }))
    this.#errors = errors
  }

  /** What follows the first word. */
  get rest(): string {
    const [first] = this.words
    return first ? this.#code.slice(first.column - 1 + first.text.length).trim() : ''
  }

  /** The word of that place as errors quote it. */
  found(place: number): string {
    const word = this.words[place]
    return word ? `"${short(word.text)}"` : 'the end'
  }

  /** Whether the line ends before that place; reports if not. */
  expectEnd(place: number): boolean {
    if (!this.words[place]) return true
    this.report(place, `expected the end of the line, found ${this.found(place)}`)
    return false
  }

  /** At the word of that place; where none is, at the character before, so that it can be seen. */
  report(place: number, message: string): void {
    const word = this.words[place]
    this.#add(word?.column ?? Math.max(1, this.#end - 1), word?.text.length ?? 1, message)
  }

  /** From the word of that place to the end of the line. */
  reportFrom(place: number, message: string): void {
    const column = this.words[place]?.column ?? 1
    this.#add(column, Math.max(1, this.#end - column), message)
  }

  /** Column just behind the last word. */
  get #end(): number {
    return this.#code.trimEnd().length + 1
  }

  #add(column: number, length: number, message: string): void {
    const text = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`
    this.#errors.push({ line: this.number, column, length, message: text })
  }
}

/** Minus nothing is nothing. */
export function whole(text: string): number {
  return Number(text) || 0
}

export function short(text: string): string {
  return text.length > 30 ? `${text.slice(0, 29)}…` : text
}
