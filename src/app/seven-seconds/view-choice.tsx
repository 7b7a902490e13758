import { Segments } from '../shell/segments'
import { useStore } from '../store'
import type { View } from './lab-slice'

const views = [
  { id: 'lanes', text: 'Lanes' },
  { id: 'policies', text: 'Side by side' },
  { id: 'table', text: 'Table' },
] as const

/** One picture, one under each policy, or the same as tables. */
export function ViewChoice() {
  const view = useStore((state) => state.view)
  const setView = useStore((state) => state.setView)
  return <Segments<View> label="View" value={view} onChoose={setView} options={views} />
}
