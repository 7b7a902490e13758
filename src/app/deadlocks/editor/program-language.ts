/** The little language of programs, for the editor: its colours and its completion. */

import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete'
import type { Extension } from '@codemirror/state'
import { coloured } from '../../editor/code-mirror'
import { completionsAt } from './completions'

/** A word is one of the language only where a statement begins: titles and names may be anything. */
export const words =
  /#.*|^\s*(?:title|policy|var|thread)\b|(?<=^\s*(?:defer\s+)?)(?:(?:un)?(?:lock|read|write)|all|throw|sleep|defer)\b|(?<=^\s*(?:defer\s+)?unlock\s+)all\b/gi

function classOf(word: string): string {
  if (word.startsWith('#')) return 'cm-comment'
  if (/^(un)?read$/i.test(word)) return 'cm-read'
  if (/^((un)?(lock|write)|all)$/i.test(word)) return 'cm-write'
  return 'cm-word'
}

function complete(context: CompletionContext): CompletionResult | null {
  const found = completionsAt(context.state.doc.toString(), context.pos)
  // Unasked only for a word that has begun.
  if (!found || (found.from === context.pos && !context.explicit)) return null
  return { from: found.from, options: found.options.map((label) => ({ label })), validFor: /^\w*$/ }
}

export const programLanguage: Extension = [
  coloured(words, classOf),
  autocompletion({ override: [complete], icons: false }),
]
