import { programCases } from '../../../scenario'
import { ChoiceMenu } from '../../shell/choice-menu'
import { useStore } from '../../store'
import { caseOf, programOfCase } from './cases'

const troubles = {
  deadlock: 'deadlock',
  stuck: 'somebody waits for ever, without a cycle',
  misuse: 'an unlock of what is not held',
  'lost-update': 'a lost update',
}

const entries = programCases.map(({ id, title, trouble }) => {
  return { id, title, about: troubles[trouble] }
})

/** The programs that come with the page, each by what goes wrong. */
export function CaseMenu() {
  const shown = useStore(({ deadlocks }) => caseOf(deadlocks.program)?.entry.id)
  const choose = (id: string) => {
    const entry = programCases.find((each) => each.id === id)
    if (entry) {
      useStore.getState().deadlocks.show({ program: programOfCase({ entry, variant: 'broken' }) })
    }
  }
  return <ChoiceMenu name="Cases" entries={entries} shown={shown} choose={choose} />
}
