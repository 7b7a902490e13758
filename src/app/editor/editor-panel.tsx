import type { Extension } from '@codemirror/state'
import { RotateCcw, X } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import type { TextError } from '../../scenario'
import { createEditor, type Editor } from './code-mirror'
import './editor-panel.css'

interface Props {
  /** What is edited, as the heading names it. */
  readonly title: string
  readonly text: string
  readonly errors: readonly TextError[]
  readonly language: Extension
  /** Whether there is nothing to go back from. */
  readonly untouched: boolean
  /** The button that opened it, as a selector: the focus goes back there. */
  readonly opener: string
  readonly onType: (text: string) => void
  readonly onReset: () => void
  readonly onClose: () => void
  /** The form of the text, in a sentence or two. */
  readonly children: ReactNode
}

/**
 * What is shown, as text. What is typed is shown at once while it is valid; while it is not,
 * the picture stays with the last valid text, and this says so and why.
 */
export function EditorPanel(props: Props) {
  const { title, text, errors, untouched, onReset, onClose, children } = props
  const frame = useRef<HTMLDivElement>(null)
  const editor = useRef<Editor>(undefined)
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })

  useEffect(() => {
    if (!frame.current) return
    const { text, title, language, opener } = latest.current
    const made = createEditor(frame.current, {
      text,
      label: `${title} text`,
      language,
      onType: (typed) => latest.current.onType(typed),
      onEscape: () => latest.current.onClose(),
    })
    editor.current = made
    made.focus()
    return () => {
      made.destroy()
      // To where it came from, else the focus would fall to the top of the page.
      document.querySelector<HTMLElement>(opener)?.focus()
    }
  }, [])
  useEffect(() => {
    editor.current?.show(text)
    editor.current?.mark(errors)
  }, [text, errors])

  return (
    <aside className="editor panel" aria-label={`${title} editor`}>
      <div className="panel-head">
        <h2 className="panel-title">{title}</h2>
        <div className="editor-tools">
          <button
            type="button"
            className="button"
            data-look="quiet"
            disabled={untouched}
            onClick={onReset}
          >
            <RotateCcw size={15} aria-hidden="true" />
            Reset
          </button>
          <button
            type="button"
            className="button"
            data-look="icon"
            aria-label="Close the editor"
            title="Close the editor (Escape)"
            onClick={onClose}
          >
            <X size={17} aria-hidden="true" />
          </button>
        </div>
      </div>
      <div ref={frame} className="editor-text" />
      <div className="editor-state" role="status">
        {errors.length === 0 ? (
          <p className="editor-good">Valid: the picture shows this text.</p>
        ) : (
          <>
            <p className="editor-bad">
              {errors.length === 1 ? 'One error.' : `${errors.length} errors.`} The picture still
              shows the last valid text.
            </p>
            <ul>
              {errors.slice(0, 6).map((error) => (
                <li key={`${error.line}:${error.column}:${error.message}`}>
                  <button type="button" onClick={() => editor.current?.goTo(error)}>
                    Line {error.line}, column {error.column}
                  </button>{' '}
                  {error.message}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <p className="editor-form">{children}</p>
    </aside>
  )
}
