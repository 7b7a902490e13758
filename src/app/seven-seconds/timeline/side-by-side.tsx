import type { PolicyId } from '../../../scenario'
import { policies } from '../../../simulate'
import { useStore } from '../../store'
import { policyIds, roleOf } from '../policy-names'
import { useRunUnder } from '../use-run'
import { Lanes } from './lanes'
import './side-by-side.css'

/** The same scenario under every policy, small, with one playhead for all. */
export function SideBySide({ onDrag }: { readonly onDrag: (time: number) => void }) {
  return (
    <div className="side-by-side">
      {policyIds.map((policy) => (
        <Small key={policy} policy={policy} onDrag={onDrag} />
      ))}
    </div>
  )
}

interface SmallProps {
  readonly policy: PolicyId
  readonly onDrag: (time: number) => void
}

function Small({ policy, onDrag }: SmallProps) {
  const run = useRunUnder(policy)
  const chosen = useStore((state) => state.policy === policy)
  const { title } = policies[policy]
  return (
    <figure className="small" data-chosen={chosen || undefined}>
      <figcaption>
        {title}
        {chosen && <span className="small-note"> · explained below</span>}
      </figcaption>
      <Lanes
        small
        run={run}
        role={roleOf[policy]}
        label={`The same under ${title}`}
        onDrag={onDrag}
      />
    </figure>
  )
}
