import { useEffect, useMemo, useState } from 'react'
import type { Geometry } from '../timeline/geometry'
import { Measured } from '../timeline/measured'
import { spansOf } from './measured-spans'
import { useRealRun } from './use-real-run'

interface Props {
  readonly geometry: Geometry
  readonly threads: readonly string[]
}

/**
 * The strips of the real run. While it is under way the bars that have not ended grow; only
 * this layer is drawn again for it.
 */
export function LiveMeasured({ geometry, threads }: Props) {
  const run = useRealRun()
  const startAt =
    run.kind === 'running' && run.progress?.kind === 'running' ? run.progress.startAt : undefined
  const elapsed = useElapsed(startAt)
  const spans = useMemo(() => {
    if (run.kind === 'none') return []
    const last = run.events.reduce((latest, event) => Math.max(latest, event.time), 0)
    return spansOf(run.events, Math.max(last, elapsed * run.speed))
  }, [run, elapsed])
  return <Measured geometry={geometry} threads={threads} spans={spans} />
}

/** Milliseconds since `startAt`, by frames; 0 while there is no such time. */
function useElapsed(startAt: number | undefined): number {
  const [elapsed, setElapsed] = useState(0)
  useEffect(() => {
    if (startAt === undefined) return
    let frame = requestAnimationFrame(function draw(now) {
      setElapsed(Math.max(0, now - startAt))
      frame = requestAnimationFrame(draw)
    })
    return () => {
      cancelAnimationFrame(frame)
      setElapsed(0)
    }
  }, [startAt])
  return elapsed
}
