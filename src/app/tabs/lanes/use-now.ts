import { useEffect, useState } from 'react'
import { epochNow } from '../../../perform/tabs'

/** ms between two looks at the clock; whoever wants no motion gets steps. */
const [moving, stepping] = [80, 1_000]

/** Epoch ms, going on while `running`. */
export function useNow(running: boolean): number {
  const [now, setNow] = useState(epochNow)
  useEffect(() => {
    if (!running) return
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    const tick = () => setNow(epochNow())
    tick()
    const timer = setInterval(tick, still ? stepping : moving)
    return () => clearInterval(timer)
  }, [running])
  return now
}
