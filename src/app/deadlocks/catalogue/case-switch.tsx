import { Minus, Plus } from 'lucide-react'
import { diningCase, philosophers } from '../../../scenario'
import { keepFocus } from '../../shell/keep-focus'
import { Segments } from '../../shell/segments'
import { useStore } from '../../store'
import { caseOf, programOfCase, type Variant, variantsOf } from './cases'

/** Broken or fixed, and how many sit at the table. */
export function CaseSwitch() {
  const shown = useStore(({ deadlocks }) => caseOf(deadlocks.program))
  const show = useStore(({ deadlocks }) => deadlocks.show)
  if (!shown) return null
  const { entry, variant, seats } = shown
  const { least, most } = philosophers
  const sit = (count: number) =>
    show({ program: programOfCase({ entry: diningCase(count), variant }) })
  return (
    <div className="case-switch">
      <Segments<Variant>
        label="Program"
        value={variant}
        onChoose={(id) => show({ program: programOfCase({ entry, variant: id }) })}
        options={variantsOf(entry)}
      />
      {seats !== undefined && (
        <fieldset className="case-seats" aria-label="Philosophers">
          <button
            type="button"
            className="button"
            data-look="icon"
            aria-label="One philosopher less"
            aria-disabled={seats <= least}
            onMouseDown={keepFocus}
            onClick={() => seats > least && sit(seats - 1)}
          >
            <Minus size={16} aria-hidden="true" />
          </button>
          <output>{seats} philosophers</output>
          <button
            type="button"
            className="button"
            data-look="icon"
            aria-label="One philosopher more"
            aria-disabled={seats >= most}
            onMouseDown={keepFocus}
            onClick={() => seats < most && sit(seats + 1)}
          >
            <Plus size={16} aria-hidden="true" />
          </button>
        </fieldset>
      )}
    </div>
  )
}
