import { useMemo } from 'react'
import { parseProgram, printProgram, type TextError } from '../../../scenario'
import { EditorPanel } from '../../editor/editor-panel'
import { useStore } from '../../store'
import { programDraftOf } from '../slice'
import { programLanguage } from './program-language'

const noErrors: readonly TextError[] = []

/** The program as text. */
export default function ProgramEditor() {
  const draft = useStore(({ deadlocks }) => programDraftOf(deadlocks))
  const untouched = useStore(
    ({ deadlocks }) => programDraftOf(deadlocks) === printProgram(deadlocks.base),
  )
  const type = useStore(({ deadlocks }) => deadlocks.type)
  const edit = useStore(({ deadlocks }) => deadlocks.edit)
  const errors = useMemo(() => {
    const parsed = parseProgram(draft)
    return parsed.kind === 'broken' ? parsed.errors : noErrors
  }, [draft])
  const reset = () => {
    const { show, base } = useStore.getState().deadlocks
    show({ program: base })
  }
  return (
    <EditorPanel
      title="Program"
      text={draft}
      errors={errors}
      language={programLanguage}
      untouched={untouched}
      opener='[data-action="edit-program"]'
      onType={type}
      onReset={reset}
      onClose={() => edit(false)}
    >
      <code>thread A</code> begins a thread; below it a statement a line: <code>lock a</code>,{' '}
      <code>unlock a</code>, <code>read r</code>, <code>unread r</code>, <code>write r</code>,{' '}
      <code>unwrite r</code>, <code>all a b</code>, <code>unlock all</code>,{' '}
      <code>defer unlock a</code>, <code>throw</code>, <code>n = hits</code>,{' '}
      <code>hits = n + 1</code>, <code>sleep 1..10</code>. <code>#</code> begins a comment.
    </EditorPanel>
  )
}
