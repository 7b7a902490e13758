import { policies } from '../../simulate'
import { Segments } from '../shell/segments'
import { useStore } from '../store'
import { policyIds } from './policy-names'

/** Which lock the scenario runs against. */
export function PolicyChoice() {
  const policy = useStore((state) => state.policy)
  const choosePolicy = useStore((state) => state.choosePolicy)
  return (
    <Segments
      label="Lock policy"
      value={policy}
      onChoose={choosePolicy}
      options={policyIds.map((id) => ({ id, text: policies[id].title }))}
    />
  )
}
