import { workloadPresets } from '../../../scenario'
import { ChoiceMenu } from '../../shell/choice-menu'
import { useStore } from '../../store'

const entries = workloadPresets.map(({ id, about, workload }) => {
  return { id, title: workload.title, about }
})

/** The workloads that come with the page, each made to show one thing. */
export function PresetMenu() {
  const shown = useStore(
    ({ contention }) => workloadPresets.find(({ workload }) => workload === contention.a)?.id,
  )
  const choose = (id: string) => {
    const preset = workloadPresets.find((each) => each.id === id)
    if (preset) useStore.getState().contention.show({ a: preset.workload })
  }
  return <ChoiceMenu name="Workloads" entries={entries} shown={shown} choose={choose} />
}
