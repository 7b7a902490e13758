/**
 * The longest wording of a label that fits its bar. A bar too small for any of them stays
 * bare: its shape says what it is, and the table says it in words.
 */

import type { Span } from '../../../simulate/types'

const short = { waiting: ['waiting', 'wait'], reading: ['read', 'R'], writing: ['write', 'W'] }

/** Average advance of Inter at weight 600, in em; a little too wide is on the safe side. */
const advance = 0.56

export function widthOf(text: string, size: number): number {
  return text.length * size * advance
}

export function fitLabel(span: Pick<Span, 'kind' | 'label'>, room: number, size: number): string {
  const wordings = [span.label, ...short[span.kind]]
  return wordings.find((wording) => widthOf(wording, size) <= room) ?? ''
}
