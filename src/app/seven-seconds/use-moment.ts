import { useLayoutEffect } from 'react'
import type { Moment } from '../../simulate'
import { useStore } from '../store'

/**
 * Draws what moves with time, outside React: `draw` runs now and at every change of the
 * moment, so that sixty changes a second re-render nothing. It must be stable.
 */
export function useMoment(draw: (moment: Moment) => void): void {
  useLayoutEffect(() => {
    draw(useStore.getState().moment)
    return useStore.subscribe((state, before) => {
      if (state.moment !== before.moment) draw(state.moment)
    })
  }, [draw])
}
