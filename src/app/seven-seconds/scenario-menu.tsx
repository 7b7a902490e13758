import { catalogue } from '../../scenario'
import { ChoiceMenu } from '../shell/choice-menu'
import { useStore } from '../store'
import { entryOf } from './entry'

const entries = catalogue.map(({ id, question, scenario }) => {
  return { id, title: question, about: scenario.title }
})

/** The scenarios that come with the page, each by the question it answers. */
export function ScenarioMenu() {
  const shown = useStore((state) => entryOf(state.scenario)?.id)
  const choose = (id: string) => {
    const entry = catalogue.find((each) => each.id === id)
    if (entry) useStore.getState().show(entry)
  }
  return <ChoiceMenu name="Scenarios" entries={entries} shown={shown} choose={choose} />
}
