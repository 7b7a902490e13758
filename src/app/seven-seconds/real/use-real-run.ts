import { useStore } from '../../store'
import type { RealRun } from './real-run-slice'

const none: RealRun = { kind: 'none' }

/** The real run, if it is of what is shown. */
export function useRealRun(): RealRun {
  return useStore(({ realRun, scenario, policy }) => {
    if (realRun.kind === 'none') return none
    return realRun.scenario === scenario && realRun.policy === policy ? realRun : none
  })
}
