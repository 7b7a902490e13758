import { type CSSProperties, useMemo } from 'react'
import { useStore } from '../../store'
import { useFrame } from '../use-frames'
import { graphLines } from '../words'
import { graphOf, usesOf } from './graph-of'
import { GraphPicture } from './graph-picture'

/** Who waits for whom just now, as a picture and in words. */
export function GraphPanel() {
  const frame = useFrame()
  const program = useStore(({ deadlocks }) => deadlocks.program)
  const graph = useMemo(() => graphOf(frame), [frame])
  const lines = useMemo(() => graphLines(frame), [frame])
  return (
    <section className="graph panel" aria-label="Wait-for graph">
      <div className="panel-head">
        <h2 className="panel-title">Who waits for whom</h2>
        <span className="graph-legend">○ thread · □ lock</span>
      </div>
      <div className="graph-body">
        <GraphPicture
          graph={graph}
          uses={usesOf(program)}
          label="Wait-for graph: arrows lead from who waits to what it waits for. The list below says it in words."
        />
      </div>
      <ul
        className="graph-words"
        data-testid="graph-words"
        style={{ '--lines': program.threads.length + 1 } as CSSProperties}
      >
        {lines.length === 0 && <li>Nobody holds a lock, and nobody waits.</li>}
        {lines.map(({ text, inCycle }) => (
          <li key={text} data-cycle={inCycle || undefined}>
            {text}
          </li>
        ))}
      </ul>
    </section>
  )
}
