import { SelectField } from '../../contention/build/field'
import { ActionButton } from '../../shell/action-button'
import { Segments } from '../../shell/segments'
import { useStore } from '../../store'
import { tabsAction } from '../actions'
import { mechanisms, places, type Settings } from '../settings'
import type { StageState } from './staging'

const placeNames = { frames: 'Frames', tabs: 'Real tabs' } as const
const mechanismNames = { 'web-locks': 'Web Locks', 'indexed-db': 'IndexedDB' } as const

const counts = ['1', '2', '3', '4', '5', '6', '7', '8'] as const
type Count = (typeof counts)[number]

/** How many take part, where they live, and over what they lock. */
export function StagePanel() {
  const settings = useStore(({ tabs }) => tabs.settings)
  const setSettings = useStore(({ tabs }) => tabs.setSettings)
  const stage = useStore(({ tabs }) => tabs.stage)
  const there = useStore(
    ({ tabs }) => tabs.actors.filter(({ state }) => state.kind === 'here').length,
  )
  const { count, where, over } = settings
  return (
    <section className="stage panel" aria-label="Who takes part">
      <div className="stage-choices">
        <SelectField<Count>
          label="How many"
          value={String(count) as Count}
          options={counts.map((id) => ({ id, text: id }))}
          onChange={(chosen) => setSettings({ count: Number(chosen) })}
        />
        <div className="field">
          <span className="field-name">Where they live</span>
          <Segments<Settings['where']>
            label="Where they live"
            value={where}
            options={places.map((id) => ({ id, text: placeNames[id] }))}
            onChoose={(chosen) => chosen !== where && setSettings({ where: chosen })}
          />
        </div>
        <div className="field">
          <span className="field-name">Over what they lock</span>
          <Segments<Settings['over']>
            label="Over what they lock"
            value={over}
            options={mechanisms.map((id) => ({ id, text: mechanismNames[id] }))}
            onChoose={(chosen) => chosen !== over && setSettings({ over: chosen })}
          />
        </div>
        <span className="stage-open" data-open={stage.kind === 'open' || undefined}>
          <ActionButton action={tabsAction('open')} />
        </span>
      </div>
      <p className="stage-words" role="status" data-testid="stage" data-kind={stage.kind}>
        {stageWords(stage, there, settings)}
      </p>
    </section>
  )
}

function stageWords(stage: StageState, there: number, { count, where, over }: Settings): string {
  switch (stage.kind) {
    case 'none':
      return where === 'frames'
        ? `Nobody is there yet. Frames need no permission and live in this page. ${overWords[over]}`
        : `Nobody is there yet. Your browser may ask whether this page may open ${count === 1 ? 'a tab' : `${count} tabs`}. ${overWords[over]}`
    case 'opening':
      return `Opening: ${there} of ${count} can lock…`
    case 'open':
      return `${there} of ${count} ${there === 1 ? 'is' : 'are'} there. ${overWords[over]}`
    case 'failed':
      return `They could not be opened: ${stage.why}`
  }
}

/** What differs, on the spot. */
const overWords = {
  'web-locks':
    'They lock over the browser’s own Web Locks: on an idle machine a hand-over takes about a millisecond, and who dies lets go within milliseconds.',
  'indexed-db':
    'They do as on plain http and in old browsers, where there are no Web Locks: requests are rows of an IndexedDB table, a hand-over takes some milliseconds, and who dies lets go once their database connection is gone.',
} as const
