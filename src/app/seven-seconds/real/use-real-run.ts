import { useStore } from '../../store'
import { carrierOf, type RealRun } from './real-run-slice'

const none: RealRun = { kind: 'none' }

/** The real run, if it is of what is shown, and of what is chosen to carry the lock. */
export function useRealRun(): RealRun {
  return useStore(({ realRun, scenario, policy, realReach }) => {
    if (realRun.kind === 'none') return none
    const isShown = realRun.scenario === scenario && realRun.policy === policy
    return isShown && realRun.mechanism === carrierOf(realReach)?.mechanism ? realRun : none
  })
}
