import { RotateCcw, X } from 'lucide-react'
import { useEffect, useMemo, useRef } from 'react'
import { parseScenario, printScenario, type TextError } from '../../../scenario'
import { useStore } from '../../store'
import { draftOf } from '../lab-slice'
import { createEditor, type Editor } from './code-mirror'
import './editor-panel.css'

const noErrors: readonly TextError[] = []

/**
 * The scenario as text. What is typed is shown at once while it is valid; while it is not,
 * the picture stays with the last valid text, and this says so and why.
 */
export default function EditorPanel() {
  const draft = useStore(draftOf)
  const frame = useRef<HTMLDivElement>(null)
  const editor = useRef<Editor>(undefined)
  const errors = useMemo(() => {
    const parsed = parseScenario(draft)
    return parsed.kind === 'broken' ? parsed.errors : noErrors
  }, [draft])

  useEffect(() => {
    if (!frame.current) return
    const { type, edit } = useStore.getState()
    const made = createEditor(frame.current, {
      text: draftOf(useStore.getState()),
      label: 'Scenario text',
      onType: type,
      onEscape: () => edit(false),
    })
    editor.current = made
    made.focus()
    return () => {
      made.destroy()
      // To where it came from, else the focus would fall to the top of the page.
      document.querySelector<HTMLElement>('[data-action="edit"]')?.focus()
    }
  }, [])
  useEffect(() => {
    editor.current?.show(draft)
    editor.current?.mark(errors)
  }, [draft, errors])

  return (
    <aside className="editor panel" aria-label="Scenario editor">
      <div className="panel-head">
        <h2 className="panel-title">Scenario</h2>
        <div className="editor-tools">
          <Reset />
          <button
            type="button"
            className="button"
            data-look="icon"
            aria-label="Close the editor"
            title="Close the editor (Escape)"
            onClick={() => useStore.getState().edit(false)}
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
      <p className="editor-form">
        One line for each thread: <code>Name: read at 1s for 3s, write at 6s for 500ms</code>. A
        thread that is still busy asks as soon as it is free. <code>#</code> begins the title.
      </p>
    </aside>
  )
}

/** Back to the scenario that was chosen or linked. */
function Reset() {
  const untouched = useStore((state) => draftOf(state) === printScenario(state.base))
  const reset = () => {
    const { show, base, policy } = useStore.getState()
    show({ scenario: base, policy })
  }
  return (
    <button type="button" className="button" data-look="quiet" disabled={untouched} onClick={reset}>
      <RotateCcw size={15} aria-hidden="true" />
      Reset
    </button>
  )
}
