import { useMemo } from 'react'
import { parseScenario, printScenario, type TextError } from '../../scenario'
import { coloured } from '../editor/code-mirror'
import { EditorPanel } from '../editor/editor-panel'
import { useStore } from '../store'
import { draftOf } from './lab-slice'

const colours = coloured(/^\s*(?:#|\/\/).*|\b(?:read|write)\b(?= at\b)/g, (word) =>
  word === 'read' || word === 'write' ? `cm-${word}` : 'cm-comment',
)

const noErrors: readonly TextError[] = []

/** The scenario as text. */
export default function ScenarioEditor() {
  const draft = useStore(draftOf)
  const untouched = useStore((state) => draftOf(state) === printScenario(state.base))
  const type = useStore((state) => state.type)
  const edit = useStore((state) => state.edit)
  const errors = useMemo(() => {
    const parsed = parseScenario(draft)
    return parsed.kind === 'broken' ? parsed.errors : noErrors
  }, [draft])
  /** Back to the scenario that was chosen or linked. */
  const reset = () => {
    const { show, base, policy } = useStore.getState()
    show({ scenario: base, policy })
  }
  return (
    <EditorPanel
      title="Scenario"
      text={draft}
      errors={errors}
      language={colours}
      untouched={untouched}
      opener='[data-action="edit"]'
      onType={type}
      onReset={reset}
      onClose={() => edit(false)}
    >
      One line for each thread: <code>Name: read at 1s for 3s, write at 6s for 500ms</code>. A
      thread that is still busy asks as soon as it is free. <code>#</code> begins the title.
    </EditorPanel>
  )
}
