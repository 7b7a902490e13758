/**
 * The text editor itself, outside React: the text in, every change out, errors marked where
 * they are. Tab leaves it, as everywhere; Escape closes it.
 */

import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { setDiagnostics } from '@codemirror/lint'
import { EditorState, type Extension } from '@codemirror/state'
import {
  Decoration,
  type DecorationSet,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view'
import type { TextError } from '../../scenario'

export interface Editor {
  /** Replaces the text, unless it is that already. */
  readonly show: (text: string) => void
  readonly mark: (errors: readonly TextError[]) => void
  readonly goTo: (error: TextError) => void
  readonly focus: () => void
  readonly destroy: () => void
}

interface Wishes {
  readonly text: string
  readonly label: string
  /** Its colours, and what it completes. */
  readonly language: Extension
  readonly onType: (text: string) => void
  readonly onEscape: () => void
}

/** Marks each match of `regexp` with the class that it gets. */
export function coloured(regexp: RegExp, classOf: (word: string) => string): Extension {
  const words = new MatchDecorator({
    regexp,
    decoration: ([word]) => Decoration.mark({ class: classOf(word) }),
  })
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet
      constructor(view: EditorView) {
        this.decorations = words.createDeco(view)
      }
      update(update: ViewUpdate) {
        this.decorations = words.updateDeco(update, this.decorations)
      }
    },
    { decorations: (plugin) => plugin.decorations },
  )
}

export function createEditor(parent: HTMLElement, wishes: Wishes): Editor {
  const { text, label, language, onType, onEscape } = wishes
  let showing = false
  const close = () => {
    onEscape()
    return true
  }
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        highlightActiveLine(),
        language,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label }),
        keymap.of([{ key: 'Escape', run: close }, ...defaultKeymap, ...historyKeymap]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !showing) onType(update.state.doc.toString())
        }),
      ],
    }),
  })
  return {
    show: (wanted) => {
      const { doc } = view.state
      if (doc.toString() === wanted) return
      showing = true
      view.dispatch({ changes: { from: 0, to: doc.length, insert: wanted } })
      showing = false
    },
    mark: (errors) => {
      const diagnostics = errors.map((error) => ({
        ...rangeOf(view, error),
        severity: 'error' as const,
        message: error.message,
      }))
      view.dispatch(setDiagnostics(view.state, diagnostics))
    },
    goTo: (error) => {
      view.dispatch({ selection: { anchor: rangeOf(view, error).from }, scrollIntoView: true })
      view.focus()
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  }
}

/** The parser may be a keystroke ahead of the view; a place beyond the text is its end. */
function rangeOf({ state: { doc } }: EditorView, { line, column, length }: TextError) {
  const { from, to } = doc.line(Math.min(line, doc.lines))
  const start = Math.min(from + column - 1, to)
  return { from: start, to: Math.min(start + length, to) }
}
